namespace ServerlessMeta.BrowserTests.Hosting;

/// <summary>The four ways a page is looked at: on a desk and on a phone, light and dark.</summary>
internal static class Looks
{
    public static TheoryData<int, bool> All { get; } = new() { { 1400, false }, { 1400, true }, { 400, false }, { 400, true } };

    public static string NameOf(string page, int width, bool isDark) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{page}-{width}-{(isDark ? "dark" : "light")}");
}
