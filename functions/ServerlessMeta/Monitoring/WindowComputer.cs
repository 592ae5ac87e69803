using System.Collections.Immutable;
using Azure.Data.Tables;
using ServerlessMeta.Monitoring.Analysis;

namespace ServerlessMeta.Monitoring;

/// <summary>
/// Computes a window. Its result is a blob first, then one transaction: the result's row, the window's row, when it has to be looked at again, what the detectors remember. Then everyone who listens is
/// told, and only then it counts as computed. After a crash at any step the same is done again: a window that is made of the same has no next revision, and who was not told is told then.
/// </summary>
internal sealed class WindowComputer(MonitoringTable table, MonitoringContents contents, WindowContent windows, WindowsBefore before, ResultReader results, IEnumerable<WindowEvaluated> listeners, TimeProvider time)
{
    /// <param name="state">The target.</param>
    /// <param name="rowKey">The window's row.</param>
    /// <param name="asked">Whether a closed window is judged anew by a baseline or options that came since.</param>
    /// <param name="marks">What says that it is to be computed; taken away at the end, unless something was added.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null: there is no such window.</returns>
    public async Task<ComputedWindow?> RunAsync(PassState state, string rowKey, bool asked, IEnumerable<ChangeMark> marks, CancellationToken ct)
    {
        var (reading, listing) = (table.FindAsync(MonitoringKeys.Partition(state.Target), rowKey, ct), windows.PartsOfRowAsync(state.Target, rowKey, ct));
        await Task.WhenAll(reading, listing);
        if (await reading is not { } row)
        {
            return null;
        }
        var (window, parts) = (WindowRow.To(row), await listing);
        var predictions = await state.Labels.JoinAsync(window, await windows.PredictionsAsync(parts, ct), ct);
        var baseline = await state.BaselineAsync(JudgedBy(window, asked) ?? state.Watched.Baseline?.Number ?? 0, ct);
        var now = Now;
        var inputs = InputsOf(state, window, parts, predictions, baseline?.Number ?? 0, now);
        var (isChanged, cause) = Compare(window, inputs, asked);
        if (!isChanged)
        {
            if (window.Latest is { } latest && window.Told < latest.Revision)
            {
                await TellAsync(state, await results.ReadAsync(latest, ct), ct);
            }
            await state.Labels.FlushAsync(ct);
            await SettleAsync(state, window, window.Latest?.Revision ?? 0, marks, ct);
            return new ComputedWindow(window.Id, window.Latest?.Revision ?? 0, false);
        }
        // What is not to be heard needs no detector.
        var isHeard = predictions.Any(static one => one.Label is not null);
        var (usual, predicted, current, heard) = (
            state.ProfileAsync(baseline, ct), state.PredictionsAsync(baseline, ct), windows.ProfileAsync(parts, ct), isHeard ? state.DetectorsAsync(ct) : Task.FromResult<string?>(null));
        await Task.WhenAll(usual, predicted, current, heard);
        var output = WindowAnalysis.Analyze(new AnalysisInput
        {
            Window = window.Id,
            Start = window.Start,
            End = window.End,
            Revision = (window.Latest?.Revision ?? 0) + 1,
            Cause = cause,
            Now = now,
            LabelsUntil = window.LabelsUntil(state.Watched.Options.Analysis.MaxLabelLag),
            Options = state.Watched.Options.Analysis,
            BaselineNumber = inputs.Baseline,
            Baseline = await usual,
            BaselinePredictions = await predicted,
            Current = await current,
            Predictions = predictions,
            Before = await before.ReadAsync(state.Target, window, ReferenceWindows.Needed(state.Watched.Options.Analysis.CompareWith), ct),
            Detectors = await heard,
        });
        await StoreAsync(state, window with { Inputs = inputs }, isHeard ? output : output with { Detectors = null }, ct);
        await TellAsync(state, output.Result, ct);
        await state.Labels.FlushAsync(ct);
        await SettleAsync(state, window, output.Result.Revision, marks, ct);
        return new ComputedWindow(window.Id, output.Result.Revision, true);
    }

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private static WindowInputs InputsOf(PassState state, MonitoredWindow window, ImmutableArray<WindowPart> parts, ImmutableArray<JoinedPrediction> predictions, int baseline, DateTimeOffset now) => new(
        WindowContent.DigestOf(parts), WindowContent.DigestOf(predictions), state.OptionsDigest, baseline,
        now < window.End ? 0 : now < window.LabelsUntil(state.Watched.Options.Analysis.MaxLabelLag) ? 1 : 2);

    // A closed window is compared with what it was compared with, whatever comes late, unless somebody asks. Null: with the baseline in force.
    private static int? JudgedBy(MonitoredWindow window, bool asked) =>
        !asked && window is { Latest.State: WindowState.Closed, Inputs: { Baseline: > 0 } known } ? known.Baseline : null;

    // A closed window that was judged stays as it was judged, unless its data or its labels change.
    private static (bool IsChanged, string? Cause) Compare(MonitoredWindow window, WindowInputs now, bool asked)
    {
        if (window is not { Inputs: { } known, Latest: { } latest })
        {
            return (true, null);
        }
        var isOpen = latest.State is not WindowState.Closed;
        var isJudgedAnew = asked || isOpen || known.Baseline == 0;
        return known.Parts != now.Parts ? (true, "lateData")
            : known.Labels != now.Labels ? (true, "lateLabels")
            : isJudgedAnew && known.Baseline != now.Baseline ? (true, "newBaseline")
            : isJudgedAnew && known.Options != now.Options ? (true, "newOptions")
            : isOpen && known.Phase != now.Phase ? (true, "time")
            : (false, null);
    }

    private async Task StoreAsync(PassState state, MonitoredWindow window, AnalysisOutput output, CancellationToken ct)
    {
        var (target, result) = (state.Target, output.Result);
        var blob = await contents.PutAsync(target, ResultBlob.Write(result), ct);
        var stored = window with { Latest = ResultBrief.Of(result, blob) };
        // Detectors go on from what is settled: labels that come later are heard in their order.
        var memory = result.State is WindowState.Closed ? output.Detectors : null;
        await state.Lease.CommitAsync(
            transaction =>
            {
                transaction.Put(ResultRow.From(target, result, blob)).PutInto(WindowRow.ResultOf(target, stored)).Put(MovedRow.From(target, result));
                // Also when that moment came meanwhile: a mark that is read already has another ETag then, and stays.
                if (DueAfter(state, window, result) is { } due)
                {
                    transaction.Put(new TableEntity(MonitoringKeys.Partition(target), MonitoringKeys.ChangedWindow(target, due, window.Start, window.Id)));
                }
                if (memory is not null)
                {
                    transaction.Put(DetectorRow.From(target, memory));
                }
            },
            ct);
        if (memory is not null)
        {
            state.Remember(memory);
        }
    }

    private static DateTimeOffset? DueAfter(PassState state, MonitoredWindow window, WindowResult result) => result.State switch
    {
        WindowState.Open => window.End,
        WindowState.Maturing => window.LabelsUntil(state.Watched.Options.Analysis.MaxLabelLag),
        _ => null,
    };

    private async Task TellAsync(PassState state, WindowResult result, CancellationToken ct)
    {
        foreach (var listener in listeners)
        {
            await listener(state.Target, result, ct);
        }
    }

    // Everyone was told, and nothing is to be computed: one transaction, unless something was added since the marks were read.
    private async Task SettleAsync(PassState state, MonitoredWindow window, int revision, IEnumerable<ChangeMark> marks, CancellationToken ct)
    {
        var settled = table.Begin(state.Target);
        if (window.Told < revision)
        {
            settled.PutInto(WindowRow.Told(state.Target, window, revision));
        }
        foreach (var mark in marks)
        {
            settled.Remove(mark.RowKey, mark.Tag);
        }
        try
        {
            if (settled.Count > 0)
            {
                await settled.CommitAsync(ct);
            }
        }
        catch (TableTransactionFailedException changed) when (changed.Status is 404 or 412)
        {
            if (window.Told < revision)
            {
                await table.Begin(state.Target).PutInto(WindowRow.Told(state.Target, window, revision)).CommitAsync(ct);
            }
            await ChangeMarks.RemoveAsync(table, state.Target, marks, ct);
        }
    }
}
