using System.Globalization;
using ServerlessMeta.Models;

namespace ServerlessMeta.Policies;

/// <summary>
/// Policies of models in the registry's partition; {model} as there:
/// <code>
/// p|{model:d10}|{9999999999 - number:d10}                               a policy, the present one first
/// </code>
/// </summary>
internal static class PolicyKeys
{
    private const long Last = 9_999_999_999;

    public static string Policy(long model, int number) => string.Create(CultureInfo.InvariantCulture, $"p|{ModelKeys.ObjectKey(model)}|{Last - number:d10}");

    public static (string From, string Below) Policies(long model) => ($"p|{ModelKeys.ObjectKey(model)}|", $"p|{ModelKeys.ObjectKey(model)}}}");

    /// <summary>The number in a policy's key.</summary>
    public static int NumberOf(string rowKey) => (int)(Last - long.Parse(rowKey.AsSpan(rowKey.LastIndexOf('|') + 1), NumberStyles.None, CultureInfo.InvariantCulture));
}
