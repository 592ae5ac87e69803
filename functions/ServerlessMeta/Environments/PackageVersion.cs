namespace ServerlessMeta.Environments;

/// <summary>
/// A version in the order of its ecosystem: PEP 440 for Python and languages (<see cref="PythonVersion"/>), SemVer precedence for npm and NuGet
/// (<see cref="SemanticVersion"/>). A text that is no version of its ecosystem comes before every version, by its characters. The empty text is a package
/// that is named without a version; it comes first. Ecosystems are apart, in their own order.
/// </summary>
public sealed class PackageVersion
{
    private readonly PythonVersion? python;
    private readonly SemanticVersion? semantic;

    public PackageVersion(Ecosystem ecosystem, string text)
    {
        (Ecosystem, Text) = (ecosystem, text);
        if (ecosystem is Ecosystem.Npm or Ecosystem.NuGet)
        {
            semantic = SemanticVersion.Find(text, mostNumbers: ecosystem is Ecosystem.Npm ? 3 : 4, ignoreCase: ecosystem is Ecosystem.NuGet);
        }
        else
        {
            python = PythonVersion.Find(text);
        }
    }

    public Ecosystem Ecosystem { get; }

    public string Text { get; }

    /// <summary>False for a package that is named without a version.</summary>
    public bool IsKnown => Text.Length > 0;

    /// <summary>Whether the text is a version of its ecosystem.</summary>
    public bool IsReadable => python is not null || semantic is not null;

    public int ComparedTo(PackageVersion other) => Compare(other, alike: false);

    /// <summary>As a filter compares: a version without a local label (<c>+cu121</c>) stands for itself with any.</summary>
    public int ComparedToAsked(PackageVersion asked) => Compare(asked, alike: asked.python is { HasLocal: false });

    public override string ToString() => Text;

    private int Compare(PackageVersion other, bool alike)
    {
        if (Ecosystem != other.Ecosystem)
        {
            return Ecosystem.CompareTo(other.Ecosystem);
        }
        if (IsReadable != other.IsReadable)
        {
            return IsReadable ? 1 : -1;
        }
        return python is not null ? python.ComparedTo(other.python!, ignoreLocal: alike)
            : semantic is not null ? semantic.ComparedTo(other.semantic!)
            : Math.Sign(string.CompareOrdinal(Text, other.Text));
    }
}
