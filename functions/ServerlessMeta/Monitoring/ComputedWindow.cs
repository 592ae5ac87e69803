namespace ServerlessMeta.Monitoring;

/// <summary>What became of a window that was looked at.</summary>
/// <param name="Window">Its id.</param>
/// <param name="Revision">The revision of its newest result.</param>
/// <param name="IsNew">Whether that was computed just now; else nothing had changed.</param>
internal sealed record ComputedWindow(string Window, int Revision, bool IsNew);
