namespace ServerlessMeta.Monitoring;

/// <param name="Revision">Of its newest result.</param>
/// <param name="IsNew">Whether that was computed just now; else nothing had changed.</param>
public sealed record ComputedWindowView(string Window, int Revision, bool IsNew);
