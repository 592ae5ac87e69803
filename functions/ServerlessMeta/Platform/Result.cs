using System.Diagnostics.CodeAnalysis;

namespace ServerlessMeta.Platform;

/// <summary>A value, or the <see cref="Platform.Failure"/> that the caller caused. Outages are exceptions.</summary>
public readonly struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Failure? failure)
    {
        this.value = value;
        Failure = failure;
    }

    public Failure? Failure { get; }

    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsOk => Failure is null;

    /// <exception cref="InvalidOperationException">The result is a failure.</exception>
    public T Value => Failure is null ? value! : throw new InvalidOperationException(Failure.Detail);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Failure failure) => new(default, failure);
}
