using System.Globalization;

namespace ServerlessMeta.Webhooks;

/// <summary>
/// What follows from an attempt. 2xx: delivered. 408, 429, 5xx and no answer: again after 10 s, 30 s, 2 min, 10 min, 30 min, 1 h and then every hour, each a fifth more or less
/// by chance, and not before the receiver's own Retry-After up to an hour; given up at the first attempt that fails a day after the delivery was queued. Any other answer: failed.
/// </summary>
internal static class AttemptSchedule
{
    private const int Gone = 410;
    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1)];

    public static TimeSpan LongestWait { get; } = Waits[^1];

    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(1);

    /// <summary>The receiver says that it is gone for ever.</summary>
    public static bool IsGone(SendResult result) => result.HttpStatus is Gone;

    /// <param name="delivery">As it was before the attempt.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="now">When it ended.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static Delivery After(Delivery delivery, SendResult result, DateTimeOffset now, double chance)
    {
        var tried = delivery with { Attempts = delivery.Attempts + 1, LastAttemptAt = now, HttpStatus = result.HttpStatus, Error = Describe(result), NextAttemptAt = null };
        if (result.IsSuccess)
        {
            return tried with { Status = DeliveryStatus.Delivered };
        }
        if (!MayHelp(result))
        {
            return tried with { Status = DeliveryStatus.Failed };
        }
        if (now - delivery.QueuedAt >= Lifetime)
        {
            return tried with { Status = DeliveryStatus.Failed, Error = $"{tried.Error} Given up after a day." };
        }
        return tried with { Status = DeliveryStatus.Pending, NextAttemptAt = now + WaitAfter(tried.Attempts, result.RetryAfter, chance) };
    }

    public static TimeSpan WaitAfter(int attempts, TimeSpan? retryAfter, double chance)
    {
        var wait = Waits[Math.Clamp(attempts, 1, Waits.Length) - 1] * (0.8 + (0.4 * chance));
        var asked = retryAfter is { } least ? TimeSpan.FromTicks(Math.Min(least.Ticks, LongestWait.Ticks)) : TimeSpan.Zero;
        return TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(wait.TotalMilliseconds, asked.TotalMilliseconds)));
    }

    private static bool MayHelp(SendResult result) => !result.IsRefused && result.HttpStatus is null or 408 or 429 or >= 500;

    private static string? Describe(SendResult result) => result switch
    {
        { IsSuccess: true } => null,
        { HttpStatus: Gone } => "The receiver answered 410 Gone, so the webhook was disabled.",
        { HttpStatus: >= 300 and < 400 } => $"The receiver answered {Text(result.HttpStatus)}: redirects are not followed.",
        { HttpStatus: { } status } => $"The receiver answered {Text(status)}.",
        _ => result.Error,
    };

    private static string Text(int? status) => status?.ToString(CultureInfo.InvariantCulture) ?? "";
}
