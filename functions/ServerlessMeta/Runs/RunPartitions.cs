using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using ServerlessMeta.Audit;
using ServerlessMeta.Experiments;

namespace ServerlessMeta.Runs;

/// <summary>The partitions over which the runs of experiments spread, and all that is named as runs are.</summary>
internal static class RunPartitions
{
    /// <summary>Those of every experiment, deleted ones too.</summary>
    public static async IAsyncEnumerable<AuditedPartition> OfAllAsync(TableClient table, ExperimentStore experiments, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var experiment in await experiments.ListAsync(ct))
        {
            for (var partition = 0; partition < 1 << experiment.PartitionBits; partition++)
            {
                yield return new AuditedPartition(table, RunKeys.Partition(experiment.Id, partition));
            }
        }
    }
}
