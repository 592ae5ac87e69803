namespace ServerlessMeta.Platform;

/// <summary>What a caller can cause. The set is closed; each dialect translates every member (see <c>MlflowError</c>).</summary>
public abstract record Failure(string Detail)
{
    /// <summary>The named thing does not exist.</summary>
    public sealed record NotFound(string Kind, string Id) : Failure($"{Kind} '{Id}' does not exist.");

    /// <summary>A unique name is taken; <paramref name="Stage"/> says by what: a deleted thing keeps its name.</summary>
    public sealed record AlreadyExists(string Kind, string Id, LifecycleStage Stage)
        : Failure($"{Kind} '{Id}' already exists{(Stage is LifecycleStage.Deleted ? " in deleted state" : "")}.");

    /// <summary>Another writer changed the thing first.</summary>
    public sealed record Conflict(string Kind, string Id) : Failure($"{Kind} '{Id}' was changed by another writer.");

    /// <summary>What is said of the thing contradicts what is stored of it.</summary>
    public sealed record Clash(string Kind, string Id, string Problem) : Failure(Problem);

    /// <summary>A value is not acceptable.</summary>
    public sealed record Invalid(string Field, string Problem) : Failure(Problem)
    {
        /// <summary>Where in the text of the field it begins, for whoever can show that. It is no part of what is said.</summary>
        public int? At { get; init; }

        public bool Equals(Invalid? other) => other is not null && Field == other.Field && Problem == other.Problem;

        public override int GetHashCode() => HashCode.Combine(Field, Problem);
    }

    /// <summary>The thing is in the wrong stage for the call.</summary>
    public sealed record WrongStage(string Kind, string Id, LifecycleStage Required, LifecycleStage Current)
        : Failure($"{Kind} '{Id}' must be {Required}, but is {Current}.");

    /// <summary>Params are write-once: these were logged before with another value.</summary>
    public sealed record ParamsChanged(string RunId, IReadOnlyList<ParamChange> Changes)
        : Failure($"Params of run '{RunId}' are write-once: {string.Join(", ", Changes.Select(static c => c.Key))}.");

    /// <summary>Stored bytes are no longer those that were stored: storage was changed behind the store's back, or damaged.</summary>
    public sealed record Corrupt(string Kind, string Id) : Failure($"{Kind} '{Id}' does not have the digest that was recorded when it was stored.");

    /// <summary>The caller may not do this.</summary>
    public sealed record Forbidden(string Problem) : Failure(Problem);

    /// <summary>A policy guards what was to be moved, and these of its conditions are not met.</summary>
    public sealed record Unmet(string What, IReadOnlyList<string> Conditions) : Failure($"{What} is guarded by a policy; not met: {string.Join("; ", Conditions)}");

    /// <summary>Too many writers of one thing; the caller may try again.</summary>
    public sealed record Busy(string Kind, string Id, TimeSpan RetryAfter) : Failure($"{Kind} '{Id}' is being written by too many callers; try again.");
}
