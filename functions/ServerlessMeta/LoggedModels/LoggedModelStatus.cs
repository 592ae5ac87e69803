namespace ServerlessMeta.LoggedModels;

/// <summary>Whether the files of a logged model are there.</summary>
public enum LoggedModelStatus
{
    Pending = 1,
    Ready = 2,
    UploadFailed = 3,
}
