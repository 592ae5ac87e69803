using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.RunDetails;

/// <summary>A tab of a run's page.</summary>
internal interface IRunTab
{
    /// <summary>In the address.</summary>
    string Name { get; }

    /// <summary>What it shows: the model of its part of the page.</summary>
    Task<Result<object>> ReadAsync(RunRequest request, CancellationToken ct);
}
