using System.Collections.Immutable;
using ServerlessMeta.Datasets;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Runs;

#pragma warning disable CA1822, MA0025, CA1801
public sealed class RunStore
{
    public Task<Result<Run>> CreateAsync(NewRun wanted, CancellationToken ct) => throw new NotImplementedException();

    public Task<Run?> FindAsync(RunId id, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<RunInfo>> ChangeAsync(RunId id, RunUpdate update, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<RunInfo>> LogAsync(RunId id, RunLog log, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Sets a tag to what <paramref name="next"/> makes of its present value (null: absent); repeated when another writer was first.</summary>
    public Task<Result<RunInfo>> SetTagAsync(RunId id, string key, Func<string?, Result<string>> next, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<RunInfo>> DeleteTagAsync(RunId id, string key, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<RunInfo>> DeleteAsync(RunId id, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<RunInfo>> RestoreAsync(RunId id, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<RunInfo>> LogInputsAsync(RunId id, ImmutableArray<DatasetInput> datasets, ImmutableArray<ModelInput> models, CancellationToken ct) => throw new NotImplementedException();
}
