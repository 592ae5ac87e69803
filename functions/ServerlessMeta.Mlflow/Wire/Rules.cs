using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessMeta.Experiments;
using ServerlessMeta.LoggedModels;
using ServerlessMeta.Platform;
using ServerlessMeta.Runs;
using Inv = System.Globalization.CultureInfo;

namespace ServerlessMeta.Mlflow.Wire;

/// <summary>The protocol's limits on names and values, with its messages.</summary>
internal static partial class Rules
{
    public const int KeyLength = 250;
    public const int ParamLength = 6000;
    public const int TagLength = 8000;
    public const int ExperimentTagLength = 5000;
    public const int ExperimentNameLength = 500;
    public const int UserLength = 256;
    public const int DatasetNameLength = 500;
    public const int DatasetDigestLength = 36;
    public const string NameTag = "mlflow.runName";
    private const string IdempotencyHeader = "Idempotency-Key";
    private const int IdempotencyKeyLength = 255;

    public static void CheckKey(string key, string path, MlflowRequest request)
    {
        if (key.Length == 0)
        {
            request.Refuse(MlflowError.Missing(path));
        }
        else if (!KeyPattern.IsMatch(key))
        {
            request.Refuse(MlflowRequest.Invalid(Quote(key), path,
                "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/)."));
        }
        else if (Normalize(key) is var normal && (normal != key || normal is "." || normal.StartsWith('/') || normal.StartsWith("..", StringComparison.Ordinal)))
        {
            request.Refuse(MlflowRequest.Invalid(Quote(key), path,
                $"Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to {Quote(normal)}"));
        }
        else
        {
            CheckLength(key, KeyLength, path, request);
        }
    }

    public static void CheckLength(string value, int length, string path, MlflowRequest request)
    {
        if (value.Length > length)
        {
            request.Refuse(MlflowError.Invalid($"'{path}' exceeds the maximum length of {length} characters"));
        }
    }

    public static void CheckCount(int count, int most, string path, MlflowRequest request)
    {
        if (count > most)
        {
            request.Refuse(MlflowError.Invalid($"'{path}' has {count} items; a request takes up to {most}"));
        }
    }

    /// <summary>Long values are cut, as the reference does unless told otherwise; never inside a surrogate pair.</summary>
    public static string Cut(string value, int length) =>
        value.Length <= length ? value : value[..(char.IsHighSurrogate(value[length - 1]) ? length - 1 : length)];

    public static RunId RunOf(MlflowRequest request)
    {
        var text = request.Text("run_id") is { Length: > 0 } id ? id : request.Text("run_uuid");
        if (string.IsNullOrEmpty(text))
        {
            request.Refuse(MlflowError.Missing("run_id"));
            return default;
        }
        return RunOf(text, request);
    }

    public static RunId RunOf(string text, MlflowRequest request)
    {
        if (RunId.TryParse(text, Inv.InvariantCulture, out var run))
        {
            return run;
        }
        request.Refuse(RunIdPattern.IsMatch(text) ? MlflowError.From(new Failure.NotFound("Run", text)) : MlflowError.Invalid($"Invalid run ID: '{Rules.Cut(text, 300)}'"));
        return default;
    }

    public static LoggedModelId LoggedModelOf(string text, MlflowRequest request)
    {
        if (!LoggedModelId.TryParse(text, Inv.InvariantCulture, out var model))
        {
            request.Refuse(MlflowError.From(new Failure.NotFound("LoggedModel", Cut(text, 300))));
        }
        return model;
    }

    /// <summary>What a creation may be repeated by: the same key in the same experiment names the same thing. Null when none is given.</summary>
    public static string? IdempotencyKeyOf(MlflowRequest request)
    {
        string? key = request.Context.Request.Headers[IdempotencyHeader];
        CheckLength(key ?? "", IdempotencyKeyLength, IdempotencyHeader, request);
        return string.IsNullOrEmpty(key) ? null : key;
    }

    public static ExperimentId ExperimentOf(MlflowRequest request) => ExperimentOf(request.Required("experiment_id"), request);

    public static ExperimentId ExperimentOf(string text, MlflowRequest request)
    {
        if (!ExperimentId.TryParse(text, Inv.InvariantCulture, out var id))
        {
            request.Refuse(MlflowError.From(new Failure.NotFound("Experiment", Cut(text, 300))));
        }
        return id;
    }

    public static DateTimeOffset? TimeOf(string name, MlflowRequest request)
    {
        if (request.Int(name) is not { } milliseconds)
        {
            return null;
        }
        if (milliseconds is < -62135596800000 or > 253402300799999)
        {
            request.Refuse(MlflowRequest.Invalid(milliseconds.ToString(Inv.InvariantCulture), name, "It is no time in Unix milliseconds."));
            return null;
        }
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }

    public static StageFilter StagesOf(string name, MlflowRequest request)
    {
        switch (request.Text(name))
        {
            case null or "" or "ACTIVE_ONLY":
                return StageFilter.Active;
            case "DELETED_ONLY":
                return StageFilter.Deleted;
            case "ALL":
                return StageFilter.All;
            case var other:
                request.Refuse(MlflowRequest.Invalid(Quote(other), name));
                return StageFilter.Active;
        }
    }

    public static string Quote(string text) => JsonSerializer.Serialize(Cut(text, 300), MlflowJson.Default.String);

    // What a file system would make of the name.
    private static string Normalize(string key)
    {
        var parts = new List<string>();
        foreach (var part in key.Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }
        var joined = (key.StartsWith('/') ? "/" : "") + string.Join('/', parts);
        return joined.Length == 0 ? "." : joined;
    }

    [GeneratedRegex(@"^[/\w.\- :]*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex KeyPattern { get; }

    [GeneratedRegex(@"^[a-zA-Z0-9][\w\-]{0,255}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex RunIdPattern { get; }
}
