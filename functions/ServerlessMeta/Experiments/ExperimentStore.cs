using ServerlessMeta.Platform;
using ServerlessMeta.Search;

namespace ServerlessMeta.Experiments;

#pragma warning disable CA1822, MA0025, CA1801
public sealed class ExperimentStore
{
    public Task<Result<Experiment>> CreateAsync(NewExperiment wanted, CancellationToken ct) => throw new NotImplementedException();

    public Task<Experiment?> FindAsync(ExperimentId id, CancellationToken ct) => throw new NotImplementedException();

    public Task<Experiment?> FindByNameAsync(string name, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<Paged<Experiment>>> SearchAsync(RecordQuery query, StageFilter stages, int max, string? pageToken, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<Experiment>> RenameAsync(ExperimentId id, string name, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<Experiment>> DeleteAsync(ExperimentId id, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<Experiment>> RestoreAsync(ExperimentId id, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<Experiment>> SetTagAsync(ExperimentId id, Tag tag, CancellationToken ct) => throw new NotImplementedException();

    public Task<Result<Experiment>> DeleteTagAsync(ExperimentId id, string key, CancellationToken ct) => throw new NotImplementedException();
}
