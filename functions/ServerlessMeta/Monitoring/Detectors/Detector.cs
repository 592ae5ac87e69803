using System.Text.Json.Serialization;

namespace ServerlessMeta.Monitoring.Detectors;

/// <summary>
/// Listens to a series of numbers, one at a time, and says when its mean has changed. All that it knows is in its properties, so that its JSON goes on exactly where it stopped.
/// After drift it forgets what was before, with the next number.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Adwin), Adwin.Name)]
[JsonDerivedType(typeof(Ddm), Ddm.Name)]
[JsonDerivedType(typeof(Eddm), Eddm.Name)]
[JsonDerivedType(typeof(HddmA), HddmA.Name)]
[JsonDerivedType(typeof(HddmW), HddmW.Name)]
[JsonDerivedType(typeof(PageHinkley), PageHinkley.Name)]
[JsonDerivedType(typeof(Kswin), Kswin.Name)]
internal abstract class Detector
{
    /// <summary>The last number showed drift.</summary>
    [JsonInclude]
    public bool IsDrift { get; internal set; }

    /// <summary>The last number showed less than drift, but something.</summary>
    [JsonInclude]
    public bool IsWarning { get; internal set; }

    /// <param name="x">Finite: NaN would never leave a sum again.</param>
    public void Update(double x)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(double.IsFinite(x), false, nameof(x));
        if (IsDrift)
        {
            Reset();
            (IsDrift, IsWarning) = (false, false);
        }
        Process(x);
    }

    protected abstract void Process(double x);

    /// <summary>As if new; settings stay.</summary>
    protected abstract void Reset();
}
