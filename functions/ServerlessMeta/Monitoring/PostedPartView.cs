namespace ServerlessMeta.Monitoring;

/// <summary>A part that was posted, now or before.</summary>
public sealed record PostedPartView(string Window, DateTimeOffset Start, DateTimeOffset End, PartView Part)
{
    internal static PostedPartView Of(PostedPart posted) => new(posted.Window.Id, posted.Window.Start, posted.Window.End, PartView.Of(posted.Part));
}
