using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessMeta.Triggers;

/// <summary>
/// Table <c>rules</c>, one partition, so that what a rule remembers, the trigger that it fires and what is to be sent are one transaction; {rule} is the first half of the SHA-256 of the rule's id
/// in hex, {decision} the trigger's id:
/// <code>
/// r|{rule}                                                              a rule, or what a deleted one leaves: the end of the audit chain of it and its triggers
/// g|{99999999999999 - milliseconds:d14}|{rule}|{decision}               a trigger, the newest first: cause, run, version, verdict
/// s|{rule}                                                              what the rule remembers: the last windows, whether it fires, what is pending
/// e|{rule}|{99999999999999 - milliseconds:d14}|{SHA-256 of a window}    that the rule judged a window, the one that ended last first
/// f|{SHA-256 of target and actions}                                     their last trigger, and the retraining that is under way
/// i|{decision}                                                          where the trigger is: who writes it fired it
/// d|{decision}|{number:d2}                                              something that is sent of it: its payload and how it went
/// o|{decision}|{number:d2}                                              outbox: that it waits
/// w|{decision}                                                          more is waited for: a run, a version, or windows to judge them by
/// u|{run}                                                               the trigger that a run answers
/// </code>
/// </summary>
internal static class TriggerKeys
{
    public const string Partition = "t";

    /// <summary>The letters of audited rows.</summary>
    public const string RecordLetters = "rg";
    private const long LastMillisecond = 99_999_999_999_999;
    private const int RuleLength = 32;
    private const int TimeLength = 14;

    public static (string From, string Below) Rules => ("r|", "r}");

    public static (string From, string Below) Triggers => ("g|", "g}");

    public static (string From, string Below) States => ("s|", "s}");

    public static (string From, string Below) Outbox => ("o|", "o}");

    public static (string From, string Below) AllDeliveries => ("d|", "d}");

    public static (string From, string Below) Waiting => ("w|", "w}");

    /// <summary>The part of row keys that names a rule.</summary>
    public static string ObjectKey(string rule) => Hash(rule)[..RuleLength];

    public static string Rule(string rule) => $"r|{ObjectKey(rule)}";

    public static string State(string rule) => $"s|{ObjectKey(rule)}";

    public static string Trigger(DateTimeOffset firedAt, string rule, string decision) => string.Create(CultureInfo.InvariantCulture, $"g|{LastMillisecond - firedAt.ToUnixTimeMilliseconds():d14}|{ObjectKey(rule)}|{decision}");

    public static string Evaluated(string rule, DateTimeOffset end, string window) =>
        string.Create(CultureInfo.InvariantCulture, $"e|{ObjectKey(rule)}|{Math.Clamp(LastMillisecond - end.ToUnixTimeMilliseconds(), 0, LastMillisecond):d14}|{Hash(window)}");

    public static (string From, string Below) EvaluatedBy(string rule) => ($"e|{ObjectKey(rule)}|", $"e|{ObjectKey(rule)}}}");

    public static string Flight(string target, byte[] actions) => $"f|{Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(target + "\n"), .. actions]))}";

    public static string Place(string decision) => $"i|{decision}";

    public static string Delivery(string decision, int number) => string.Create(CultureInfo.InvariantCulture, $"d|{decision}|{number:d2}");

    public static (string From, string Below) Deliveries(string decision) => ($"d|{decision}|", $"d|{decision}}}");

    public static string Queued(string decision, int number) => string.Create(CultureInfo.InvariantCulture, $"o|{decision}|{number:d2}");

    /// <summary>The key of the delivery that a place in the outbox is of.</summary>
    public static string DeliveryOf(string queuedKey) => $"d|{queuedKey[2..]}";

    public static string Awaited(string decision) => $"w|{decision}";

    public static string OfRun(string run) => $"u|{run}";

    /// <summary>The rule's part of a rule's or trigger's key: both are of the rule's record.</summary>
    public static string ObjectOf(string rowKey) => rowKey[0] == Rules.From[0] ? rowKey[2..] : rowKey.Substring(2 + TimeLength + 1, RuleLength);

    /// <summary>The key of the rule that a trigger is of.</summary>
    public static string HomeOf(string triggerKey) => $"r|{ObjectOf(triggerKey)}";

    /// <summary>Where rows of one rule's record lie: its triggers are among all others.</summary>
    public static IEnumerable<(string From, string Below)> RecordsOf(string objectKey) => [($"r|{objectKey}", $"r|{objectKey}!"), Triggers];

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
