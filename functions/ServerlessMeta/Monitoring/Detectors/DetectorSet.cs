using System.Collections.Immutable;

namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>Which detectors listen to labelled predictions, and how they hear them.</summary>
internal static class DetectorSet
{
    /// <summary>Alarms that are remembered.</summary>
    internal const int KeptAlarms = 24;

    /// <summary>An error this many times the usual one is as bad as any greater.</summary>
    private const double WorstRatio = 5;

    /// <summary>Errors that the guarded DDM waits for: without, as others have it, the first error after an error-free start is drift.</summary>
    private const int GuardErrors = 5;

    /// <summary>For classes: ADWIN, with HDDM_A as the early warning. For numbers: ADWIN and Page-Hinkley.</summary>
    public static ImmutableArray<string> Defaults { get; } = [Adwin.Name, HddmA.Name, PageHinkley.Name];

    public static ImmutableArray<string> All { get; } = [Adwin.Name, Ddm.Name, Ddm.GuardedName, Eddm.Name, HddmA.Name, HddmW.Name, PageHinkley.Name, Kswin.Name];

    /// <summary>
    /// Feeds the events that come after the last one heard, in the order of time and id; the rest is late, or was heard before.
    /// </summary>
    /// <param name="memory">What was remembered; is not changed.</param>
    /// <param name="events">In any order, each once.</param>
    /// <param name="usual">The baseline's mean error; null: that of the first events heard.</param>
    public static DetectorMemory Feed(DetectorMemory memory, IEnumerable<LabelledEvent> events, double? usual)
    {
        LabelledEvent[] next =
        [
            .. events.Where(one => memory.IsAfterLast(one.At, one.Id) && double.IsFinite(one.Error))
                .OrderBy(static one => one.At).ThenBy(static one => one.Id, StringComparer.Ordinal),
        ];
        if (next.Length == 0)
        {
            return memory;
        }
        // Detectors change as they listen: those of the memory stay as they are.
        var listening = DetectorMemory.Read(memory.Write())!;
        // A baseline without errors has no unit: the first errors give it.
        var size = listening.Usual ?? Math.Max(usual is > 0 and < double.PositiveInfinity ? usual.Value : Mean(next), double.Epsilon);
        var listeners = listening.Listeners.IsEmpty ? Create(listening.Names, listening.Task) : listening.Listeners;
        var alarms = listening.Alarms.ToList();
        var heard = listening.Events;
        foreach (var one in next)
        {
            heard++;
            foreach (var (signal, detector) in listeners)
            {
                if (Number(one, signal, detector, listening.Task, size) is not { } x)
                {
                    continue;
                }
                var warned = detector.IsWarning;
                detector.Update(x);
                if (detector.IsDrift || detector.IsWarning && !warned)
                {
                    alarms.Add(new(NameOf(detector), signal, one.At, one.Id, heard, !detector.IsDrift));
                }
            }
        }
        return listening with
        {
            Usual = size,
            Events = heard,
            LastAt = next[^1].At,
            LastId = next[^1].Id,
            Listeners = listeners,
            Alarms = [.. alarms.TakeLast(KeptAlarms)],
        };
    }

    public static string NameOf(Detector detector) => detector switch
    {
        Adwin => Adwin.Name,
        Ddm { MinErrors: > 0 } => Ddm.GuardedName,
        Ddm => Ddm.Name,
        Eddm => Eddm.Name,
        HddmA => HddmA.Name,
        HddmW => HddmW.Name,
        PageHinkley => PageHinkley.Name,
        Kswin => Kswin.Name,
        _ => throw new InvalidOperationException($"{detector.GetType().Name} has no name."),
    };

    /// <summary>Those that need numbers from 0 to 1, or errors that are counted, do not listen to a regression.</summary>
    private static ImmutableArray<Listener> Create(ImmutableArray<string> names, ModelTask task)
    {
        var listeners = ImmutableArray.CreateBuilder<Listener>();
        foreach (var name in names.IsEmpty ? Defaults : names)
        {
            if (task is ModelTask.Regression)
            {
                if (New(name) is Adwin or PageHinkley or Kswin)
                {
                    listeners.Add(new(Listener.Errors, New(name)));
                }
                continue;
            }
            // By default classes are heard by ADWIN and HDDM_A: a Page-Hinkley on single errors is for those who ask for it.
            if (!names.IsEmpty || name is not PageHinkley.Name)
            {
                listeners.Add(new(Listener.Errors, New(name)));
            }
            if (name is Adwin.Name && task is ModelTask.Binary)
            {
                listeners.Add(new(Listener.Losses, New(name)));
            }
        }
        return listeners.ToImmutable();
    }

    internal static Detector New(string name) => name switch
    {
        Adwin.Name => new Adwin(),
        Ddm.Name => new Ddm(),
        Ddm.GuardedName => new Ddm { MinErrors = GuardErrors },
        Eddm.Name => new Eddm { Alpha = 0.8, Beta = 0.75 },
        HddmA.Name => new HddmA(),
        HddmW.Name => new HddmW(),
        PageHinkley.Name => new PageHinkley { HearsFall = false },
        Kswin.Name => new Kswin(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such detector."),
    };

    /// <summary>What a detector hears. Errors of classes are 0 or 1; those of numbers are taken in parts of the usual one, which ADWIN's bound wants between 0 and 1.</summary>
    private static double? Number(LabelledEvent one, string signal, Detector detector, ModelTask task, double usual)
    {
        if (signal == Listener.Losses)
        {
            return one.Loss is { } loss && double.IsFinite(loss) ? loss : null;
        }
        return (detector, task) switch
        {
            (Adwin, ModelTask.Regression) => Math.Min(one.Error / usual, WorstRatio) / WorstRatio,
            (Kswin, ModelTask.Regression) => one.Error,
            (PageHinkley, ModelTask.Regression) => Math.Min(one.Error / usual, WorstRatio * WorstRatio),
            _ => one.Error,
        };
    }

    /// <summary>Step by step, so that great errors do not overflow.</summary>
    private static double Mean(LabelledEvent[] events)
    {
        var mean = 0.0;
        for (var i = 0; i < events.Length; i++)
        {
            mean += (events[i].Error - mean) / (i + 1);
        }
        return mean;
    }
}
