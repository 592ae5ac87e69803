namespace ServerlessMeta.Tests.Previews;

/// <summary>A clock that fails once a preview has begun: a fault in the middle of its work that does not lie in the file.</summary>
internal sealed class FaultyClock(Exception fault) : TimeProvider
{
    private int asked;

    /// <summary>How often it is right before.</summary>
    public int After { get; init; } = 2;

    public override long GetTimestamp() => asked++ < After ? 0 : throw fault;
}
