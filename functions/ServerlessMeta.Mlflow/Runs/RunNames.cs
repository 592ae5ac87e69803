using System.Globalization;
using System.Security.Cryptography;

namespace ServerlessMeta.Mlflow.Runs;

/// <summary>Names for runs that come without one: adjective-animal-number. They need not be unique.</summary>
internal static class RunNames
{
    private static readonly string[] Adjectives =
    [
        "able", "amber", "bold", "brave", "bright", "brisk", "calm", "clever", "crisp", "curious", "daring", "eager", "early", "fair", "fancy", "fleet", "fond", "gentle", "glad", "golden",
        "grand", "happy", "hardy", "keen", "kind", "lively", "loyal", "lucky", "mellow", "merry", "mild", "nimble", "noble", "patient", "polite", "proud", "quick", "quiet", "rapid", "ready",
        "rustic", "serene", "sharp", "silent", "sincere", "smooth", "steady", "sunny", "swift", "tidy", "vivid", "warm", "wise", "witty", "zesty",
    ];

    private static readonly string[] Animals =
    [
        "ant", "badger", "bat", "bear", "bee", "bison", "boar", "camel", "carp", "cat", "cod", "crab", "crane", "crow", "deer", "dove", "duck", "eagle", "eel", "elk", "falcon", "finch", "fox",
        "frog", "goat", "goose", "grouse", "hare", "hawk", "heron", "horse", "ibis", "jay", "koala", "lark", "lemur", "lion", "lynx", "mole", "moose", "moth", "newt", "otter", "owl", "panda",
        "perch", "quail", "ram", "raven", "robin", "salmon", "seal", "shrew", "sloth", "snail", "sparrow", "squid", "stork", "swan", "tern", "tiger", "toad", "trout", "turtle", "vole", "wasp",
        "whale", "wolf", "wren", "yak", "zebra",
    ];

    public static string Next() => string.Create(CultureInfo.InvariantCulture, $"{Pick(Adjectives)}-{Pick(Animals)}-{RandomNumberGenerator.GetInt32(1000)}");

    private static string Pick(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
