using System.Security.Cryptography;
using ServerlessMeta.Audit;

namespace ServerlessMeta.Local;

/// <summary>Verifies an export of the audit: needs the file, and neither storage nor a server.</summary>
internal static class VerifyAudit
{
    public const string Command = "verify-audit";

    private const string Usage = """
        verify-audit <export file> [--trust <file of public keys>]

          Recomputes the hashes, chains, rows, seals and signatures of an export (GET /api/v1/audit/export).
          --trust   checkpoints must be signed by one of these keys: PEM, or base64 of SubjectPublicKeyInfo, with ; between;
                    without checkpoints nothing is sealed, which then is a finding
          Exit code 0: all is sound. 1: something is not, or the file cannot be read.
        """;

    public static int Run(string[] arguments)
    {
        var (file, keys) = arguments switch
        {
            [var only] when only.Length > 0 && only[0] != '-' => (only, null),
            [var one, "--trust", var trusted] => (one, trusted),
            _ => throw new StartupException(Usage),
        };
        try
        {
            using var export = new StreamReader(file);
            return Print(ExportCheck.Run(export, keys is null ? null : File.ReadAllText(keys)));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException or CryptographicException or PlatformNotSupportedException or FormatException or ArgumentException)
        {
            throw new StartupException($"The export cannot be verified: {unreadable.Message}");
        }
    }

    private static int Print(ExportReport report)
    {
        var seals = report.Checkpoints;
        Console.WriteLine($"{(report.IsWhole ? "Export of the whole store" : "Export of some objects")}, {report.MadeAt}: {report.Chains} objects, {report.Entries} entries, {seals.Count} checkpoints ({seals.Unsigned} unsigned).");
        if (report.Unaudited > 0)
        {
            Console.WriteLine($"{report.Unaudited} objects are from before the audit and have no entries.");
        }
        if (seals.Count > 0)
        {
            Console.WriteLine($"Newest checkpoint: {seals.Count} of {seals.At:O}, SHA-256 {seals.Hash}; signed by {(seals.Keys.Length > 0 ? string.Join(", ", seals.Keys) : "nobody")}.");
        }
        else
        {
            Console.WriteLine("Not sealed: there are no checkpoints, so chains may have been written anew.");
        }
        foreach (var found in report.Findings)
        {
            Console.WriteLine($"{AuditFindingView.WordOf(found.Fault)}: {found.Object}: {found.Detail}");
        }
        Console.WriteLine(report.Findings.Length == 0 ? "Sound." : $"{report.Findings.Length} findings.");
        return report.Findings.Length == 0 ? 0 : 1;
    }
}
