namespace ServerlessMeta.App;

/// <summary>Whether requests need a token. The host says so, not a setting: it knows whether it is reached from elsewhere.</summary>
internal sealed record TokenRequirement(bool Applies);
