using System.Globalization;
using ServerlessMeta.Monitoring;

namespace ServerlessMeta.Tests.Monitoring.Streams;

/// <summary>A row of a generated stream: numbers or words, what is true, what a model of the first concept says, and how sure it is.</summary>
internal sealed record StreamRow(int Index, IReadOnlyList<string> Values, bool Label, bool Prediction, double Score)
{
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset At => Start.AddMinutes(Index);

    public string Id => Index.ToString("d8", CultureInfo.InvariantCulture);

    public JoinedPrediction Joined(bool isLabelled = true) => new(Id, At, Prediction ? "1" : "0", Score, isLabelled ? Label ? "1" : "0" : null, isLabelled ? At.AddHours(1) : null);
}
