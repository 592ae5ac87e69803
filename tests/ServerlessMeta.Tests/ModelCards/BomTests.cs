using System.Text.Json;
using ServerlessMeta.ModelCards;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Tests.ModelCards;

/// <summary>The contract tests validate it by its schema; here is what it says.</summary>
public sealed class BomTests
{
    [Fact]
    public void Bom_has_the_model_with_its_card_and_all_it_depends_on()
    {
        using var json = JsonDocument.Parse(BomDocument.Write(Dossiers.Full()));
        var model = json.RootElement.GetProperty("metadata").GetProperty("component");

        Assert.Equal("machine-learning-model", model.GetProperty("type").GetString());
        Assert.Equal(["0.93", "0.81"], model.GetProperty("modelCard").GetProperty("quantitativeAnalysis").GetProperty("performanceMetrics").EnumerateArray().Select(static metric => metric.GetProperty("value").GetString()));
        Assert.Equal(
            ["file MLmodel", "data customers", "data holdout", "library scikit_learn", "library @scope/left pad", "platform python"],
            json.RootElement.GetProperty("components").EnumerateArray().Select(static one => $"{one.GetProperty("type").GetString()} {one.GetProperty("name").GetString()}"));
        Assert.Equal(
            ["pkg:pypi/scikit-learn@1.5.0", "pkg:npm/%40scope/left%20pad@1.0.0"],
            json.RootElement.GetProperty("components").EnumerateArray().Where(static one => one.TryGetProperty("purl", out _)).Select(static one => one.GetProperty("purl").GetString()));
        Assert.Equal(6, json.RootElement.GetProperty("dependencies")[0].GetProperty("dependsOn").GetArrayLength());
    }

    [Fact]
    public void The_same_records_make_the_same_bytes_and_others_another_serial_number()
    {
        var (one, other) = (BomDocument.Write(Dossiers.Full()), BomDocument.Write(Dossiers.Full() with { Files = [] }));

        Assert.Equal(one, BomDocument.Write(Dossiers.Full()));
        Assert.NotEqual(Serial(one), Serial(other));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", Serial(one));
    }

    [Fact]
    public void A_remote_that_is_no_address_is_left_out_of_the_references()
    {
        var dossier = Dossiers.Full();
        using var json = JsonDocument.Parse(BomDocument.Write(dossier with { Run = dossier.Run! with { Remote = "git@example.org:churn.git", Params = [new Tag("a", "b")] } }));

        Assert.False(json.RootElement.GetProperty("metadata").GetProperty("component").TryGetProperty("externalReferences", out _));
    }

    private static string Serial(byte[] bom)
    {
        using var json = JsonDocument.Parse(bom);
        return json.RootElement.GetProperty("serialNumber").GetString()!;
    }
}
