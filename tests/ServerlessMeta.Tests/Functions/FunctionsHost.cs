using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ServerlessMeta.Tests.House;

namespace ServerlessMeta.Tests.Functions;

/// <summary>The sources of ServerlessMeta.Functions, compiled against signatures: the packages they name are not on every feed.</summary>
internal sealed class FunctionsHost
{
    private const string Folder = "functions/ServerlessMeta.Functions";

    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private readonly CSharpCompilation compilation;

    private FunctionsHost(Func<string, string> change)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);
        var sources = Repository.Files(Folder, "*.cs").Select(path => CSharpSyntaxTree.ParseText(change(Repository.Read(path)), options, path, cancellationToken: Ct));
        var given = new[] { ImplicitUsings, WorkerApi() }.Select(text => CSharpSyntaxTree.ParseText(text, options, cancellationToken: Ct));
        compilation = CSharpCompilation.Create("ServerlessMeta.Functions", [.. sources, .. given],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public IEnumerable<string> Faults => compilation.GetDiagnostics(Ct)
        .Where(static found => found.Severity >= DiagnosticSeverity.Warning)
        .Select(static found => found.ToString());

    /// <summary>Every method that says it is a function.</summary>
    public ImmutableArray<DeclaredFunction> Functions =>
    [
        .. from tree in compilation.SyntaxTrees
           where tree.FilePath.Length > 0
           let model = compilation.GetSemanticModel(tree)
           from node in tree.GetRoot(Ct).DescendantNodes()
           let method = model.GetDeclaredSymbol(node, Ct) as IMethodSymbol
           where method is { MethodKind: MethodKind.Ordinary }
           let name = method.GetAttributes().SingleOrDefault(static a => a.AttributeClass?.Name is "FunctionAttribute")
           where name is not null
           let trigger = method.Parameters.SelectMany(static parameter => parameter.GetAttributes()).Single()
           select new DeclaredFunction((string)name.ConstructorArguments[0].Value!, method, trigger),
    ];

    public static FunctionsHost Compile(Func<string, string>? change = null) => new(change ?? (static text => text));

    private static string WorkerApi()
    {
        using var stream = typeof(FunctionsHost).Assembly.GetManifestResourceStream("WorkerApi.cs")!;
        using var reader = new StreamReader(stream);
        return "#nullable enable\n" + reader.ReadToEnd();
    }

    internal sealed record DeclaredFunction(string Name, IMethodSymbol Method, AttributeData Trigger);
}
