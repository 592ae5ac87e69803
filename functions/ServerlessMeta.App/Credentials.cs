using System.Text;

namespace ServerlessMeta.App;

/// <summary>What an <c>Authorization</c> header gives: a secret as Bearer or as the password of Basic, where a user may stand beside it.</summary>
/// <param name="User">The user of Basic; empty when none was given, null with Bearer.</param>
/// <param name="Secret">Null when there is none, or when the header is of another scheme.</param>
/// <param name="IsBroken">It is Basic, but cannot be read.</param>
internal readonly record struct Credentials(string? User, string? Secret, bool IsBroken = false)
{
    public static Credentials Of(string authorization)
    {
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return new(null, authorization[7..].Trim());
        }
        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }
        var decoded = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[6..].Trim(), decoded, out var length))
        {
            return new(null, null, IsBroken: true);
        }
        var pair = Encoding.UTF8.GetString(decoded, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(null, null, IsBroken: true) : new(pair[..colon].Trim(), pair[(colon + 1)..]);
    }
}
