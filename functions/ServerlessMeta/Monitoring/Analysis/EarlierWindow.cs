using ServerlessMeta.Monitoring.Profiles;

namespace ServerlessMeta.Monitoring.Analysis;

/// <summary>A window that had ended when another began.</summary>
internal sealed record EarlierWindow(string Window, DataProfile Profile);
