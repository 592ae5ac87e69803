using ServerlessMeta.Previews;

namespace ServerlessMeta.Tests.Previews;

public sealed class ModelTests
{
    private const string Source = """
        artifact_path: model
        flavors:
          python_function:
            env: {conda: conda.yaml, virtualenv: python_env.yaml}
            loader_module: mlflow.sklearn
            python_version: 3.10.12
          sklearn:
            code: null
            pickled_model: model.pkl
            sklearn_version: 1.5.1
        mlflow_version: 3.1.0
        model_id: m-1
        model_size_bytes: 1303
        model_uuid: 5f0c
        run_id: 8d2f
        signature:
          inputs: '[{"type": "double", "name": "x", "required": true}, {"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 3]}}]'
          outputs: '[{"type": "long", "required": false}]'
          params: null
        utc_time_created: '2025-01-01 10:00:00'
        """;

    [Fact]
    public async Task Model_is_described_by_its_file()
    {
        var preview = await Previewing.OfText("models/MLmodel", Source);

        var model = preview.Model!;
        Assert.Equal(PreviewKind.Model, preview.Kind);
        Assert.Equal(("m-1", "5f0c", "8d2f", "2025-01-01 10:00:00", 1303L, "3.10.12"), (model.Id, model.Uuid, model.RunId, model.CreatedAt, model.SizeBytes!.Value, model.PythonVersion));
        Assert.Equal([new ModelProperty("sklearn", "1.5.1"), new ModelProperty("mlflow", "3.1.0")], model.Versions);
        Assert.Equal(["python_function", "sklearn"], model.Flavors.Select(static flavor => flavor.Name));
        Assert.Equal([new SignatureField("x", "double", true), new SignatureField(null, "float64 [-1,3]", true)], model.Inputs.Select(static field => field with { Type = field.Type.Replace(" 3]", "3]", StringComparison.Ordinal) }));
        Assert.Equal([new SignatureField(null, "long", false)], model.Outputs);
        Assert.Empty(model.Params);
        Assert.StartsWith("artifact_path", preview.Text!.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("just text")]
    [InlineData("{a: [")]
    [InlineData("- 1\n- 2")]
    [InlineData("a: !!binary x\n  b: 3\n c")]
    public async Task What_describes_no_model_is_shown_as_text(string text)
    {
        var preview = await Previewing.OfText("MLmodel", text);

        Assert.Equal((PreviewKind.Text, text), (preview.Kind, preview.Text!.Text));
    }

    [Fact]
    public async Task A_signature_that_is_no_JSON_has_no_fields() =>
        Assert.Empty((await Previewing.OfText("MLmodel", "flavors: {a: {b: c}}\nsignature: {inputs: 'x', outputs: '{}', params: '[1]'}")).Model!.Inputs);

    [Fact]
    public async Task Aliases_are_not_multiplied()
    {
        var bomb = "a0: &a0 [x, x]\n" + string.Concat(Enumerable.Range(1, 40).Select(static i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n"));

        Assert.Equal(PreviewKind.Model, (await Previewing.OfText("MLmodel", bomb)).Kind);
    }
}
