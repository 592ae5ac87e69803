namespace ServerlessMeta.Benchmarks;

/// <summary>What the command line says.</summary>
internal sealed record BenchmarkOptions(IReadOnlySet<string> Only, bool Quick, bool Large, string? Json, string? Local)
{
    public const string Usage = """
        ServerlessMeta.Benchmarks: the store against in-memory Azurite, beside raw calls of the same bytes.

          --only <a,b>     these groups only
          --quick          short rounds and small data: shows that everything runs, not how fast
          --large          also the groups with 100,000 runs (many minutes)
          --json <file>    writes the figures there too
          --local <folder> a published ServerlessMeta.Local, instead of publishing it now
        """;

    public static BenchmarkOptions Parse(string[] arguments)
    {
        var options = new BenchmarkOptions(new HashSet<string>(StringComparer.Ordinal), Quick: false, Large: false, Json: null, Local: null);
        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--only" => options with { Only = Value().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal) },
                "--quick" => options with { Quick = true },
                "--large" => options with { Large = true },
                "--json" => options with { Json = Path.GetFullPath(Value()) },
                "--local" => options with { Local = Path.GetFullPath(Value()) },
                _ => throw new UsageException($"'{name}' is no option.\n{Usage}"),
            };

            string Value() => rest.TryDequeue(out var value) ? value : throw new UsageException($"{name} needs a value.\n{Usage}");
        }
        return options;
    }
}
