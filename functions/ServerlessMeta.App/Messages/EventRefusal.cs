namespace ServerlessMeta.App.Messages;

/// <summary>Why an event, or a whole message, can never be applied as it is.</summary>
/// <param name="Code">In a word, as error codes are.</param>
/// <param name="Detail">In sentences.</param>
internal sealed record EventRefusal(string Code, string Detail)
{
    public static EventRefusal NotJson(string detail) => new("NOT_JSON", detail);

    public static EventRefusal NotAnEvent(string detail) => new("NOT_A_CLOUD_EVENT", detail);
}
