using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ServerlessMeta.Previews;

namespace ServerlessMeta.Tests.Previews;

/// <summary>Makes previews as a caller does, and holds each to what all must keep.</summary>
internal static class Previewing
{
    public static Task<Preview> OfText(string name, string text) => Of(name, Encoding.UTF8.GetBytes(text));

    public static async Task<Preview> Of(string name, byte[] bytes) => (await Make(name, new CountingStream(bytes))).Preview;

    /// <summary>Its time stands still, so that a busy machine makes no other preview.</summary>
    public static async Task<PreviewResult> Make(string name, CountingStream file)
    {
        var result = await new PreviewMaker(new FakeTimeProvider()).MakeAsync(name, file.Length, file, TestContext.Current.CancellationToken);
        Check(result);
        Assert.InRange(file.BytesRead, 0, PreviewLimits.BytesRead);
        return result;
    }

    /// <summary>The preview is proper JSON that reads back the same, with a part for its kind, and nothing in it is longer than stated.</summary>
    public static void Check(PreviewResult result)
    {
        var preview = result.Preview;
        var json = JsonSerializer.Serialize(preview, PreviewsJson.Default.Preview);
        var back = JsonSerializer.Deserialize(json, PreviewsJson.Default.Preview);
        Assert.Equal(json, JsonSerializer.Serialize(back, PreviewsJson.Default.Preview));
        Assert.NotNull(preview.Kind switch
        {
            PreviewKind.Table => preview.Table,
            PreviewKind.Image => preview.Image,
            PreviewKind.Text or PreviewKind.Markdown => preview.Text,
            PreviewKind.Json => preview.Json,
            PreviewKind.Model => preview.Model,
            PreviewKind.ConfusionMatrix => preview.Matrix,
            _ => (object?)preview.Reason,
        });
        if (preview.Table is { } table)
        {
            Assert.InRange(table.Columns.Length, 0, PreviewLimits.Columns);
            Assert.InRange(table.FirstRows.Length, 0, PreviewLimits.FirstRows);
            Assert.All(table.FirstRows, row => Assert.Equal(table.Columns.Length, row.Length));
            Assert.All(table.FirstRows.SelectMany(static row => row).Concat(table.Columns.SelectMany(static column => new[] { column.Name, column.Min, column.Max })), static cell => Assert.InRange(cell?.Length ?? 0, 0, PreviewLimits.CellCharacters));
            Assert.All(table.Columns, static column => Assert.InRange(column.NullShare ?? 0, 0, 1));
            Assert.Equal(table.Complete, table.Limit is null);
        }
        if (preview.Text is { } text)
        {
            Assert.InRange(Encoding.UTF8.GetByteCount(text.Text), 0, PreviewLimits.TextBytes);
            Assert.InRange(text.Text.AsSpan().Count('\n'), 0, PreviewLimits.TextLines);
        }
        Assert.True(result.Thumbnail is null || preview.Image is not null);
    }
}
