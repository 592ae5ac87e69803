namespace ServerlessMeta.Environments.Parsing;

/// <summary>A piece of YAML: a text, a list or a map; the others are empty.</summary>
internal sealed class YamlItem(int line)
{
    public int Line => line;

    public string? Text { get; init; }

    public List<YamlItem> Items { get; } = [];

    public List<(string Key, YamlItem Value)> Members { get; } = [];

    public YamlItem? this[string key] => Members.Find(member => member.Key == key).Value;
}
