using System.Xml;

namespace ServerlessMeta.Environments.Parsing;

/// <summary>A .NET project, or Directory.Packages.props: PackageReference, PackageVersion, TargetFramework. A version in brackets is a range.</summary>
internal static class ProjectFileParser
{
    private const int MaxCharacters = 4 * 1024 * 1024;
    private const int MaxDepth = 64;

    public static void Parse(string text, Findings found)
    {
        using var reader = XmlReader.Create(new StringReader(text.TrimStart('\uFEFF')), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters, IgnoreComments = true, IgnoreWhitespace = true,
        });
        var line = (IXmlLineInfo)reader;
        // A version may stand in an element inside the reference.
        (string Name, int Line, int Depth)? open = null;
        try
        {
            while (reader.Read() && reader.Depth < MaxDepth)
            {
                if (open is { } ended && (reader.Depth < ended.Depth || (reader.Depth == ended.Depth && reader.NodeType is XmlNodeType.EndElement or XmlNodeType.Element)))
                {
                    found.Add(Ecosystem.NuGet, ended.Name, null, null, pinned: false, ended.Line);
                    open = null;
                }
                if (reader.NodeType is not XmlNodeType.Element)
                {
                    continue;
                }
                switch (reader.LocalName)
                {
                    case "PackageReference" or "PackageVersion" or "GlobalPackageReference" when (reader.GetAttribute("Include") ?? reader.GetAttribute("Update")) is { } name:
                        if ((reader.GetAttribute("VersionOverride") ?? reader.GetAttribute("Version")) is { } version)
                        {
                            Add(name, version, line.LineNumber, found);
                        }
                        else if (reader.IsEmptyElement)
                        {
                            found.Add(Ecosystem.NuGet, name, null, null, pinned: false, line.LineNumber);
                        }
                        else
                        {
                            open = (name, line.LineNumber, reader.Depth);
                        }
                        break;
                    case "Version" when open is { } reference && reader.Depth == reference.Depth + 1 && !reader.IsEmptyElement && reader.Read() && reader.NodeType is XmlNodeType.Text:
                        Add(reference.Name, reader.Value, reference.Line, found);
                        open = null;
                        break;
                    case "TargetFramework" when !reader.IsEmptyElement && reader.Read() && reader.NodeType is XmlNodeType.Text:
                        if (reader.Value.StartsWith("net", StringComparison.Ordinal) && reader.Value.Length > 3 && char.IsAsciiDigit(reader.Value[3]))
                        {
                            found.AddLanguage("dotnet", reader.Value[3..].Split('-')[0], line.LineNumber);
                        }
                        break;
                    default:
                        break;
                }
            }
        }
        catch (XmlException wrong)
        {
            found.Skip(wrong.LineNumber, $"No XML: {wrong.Message}");
        }
    }

    private static void Add(string name, string range, int line, Findings found)
    {
        var asked = range.Trim();
        var exact = asked is ['[', .., ']'] && !asked.Contains(',', StringComparison.Ordinal) ? asked[1..^1].Trim() : asked;
        var isVersion = SemanticVersion.Find(exact, 4, ignoreCase: true) is not null;
        // NuGet takes the lowest version that a reference allows, which is the one it names; only a lock file or brackets exclude another.
        found.Add(Ecosystem.NuGet, name, isVersion ? exact : null, asked, isVersion, line);
    }
}
