using System.Text;
using CsCheck;
using ServerlessMeta.Environments;
using ServerlessMeta.Environments.Parsing;

namespace ServerlessMeta.Tests.Environments;

/// <summary>What each kind of file says, and that none makes a parser fail.</summary>
public sealed class ParserTests
{
    private static readonly string[] Names =
    [
        "requirements.txt", "pip-freeze.txt", "conda.yaml", "python_env.yaml", "MLmodel", "Dockerfile", "poetry.lock", "uv.lock", "Pipfile.lock", "package.json", "package-lock.json", "packages.lock.json",
        "App.csproj", "notes.md",
    ];

    private static readonly string[] Pieces =
    [
        "\n", " ", "\t", "==", ">=", "torch", "1.0", "-", "[", "]", "{", "}", ":", "\"", "'", "\\", "#", "&a", "*a", "- ", "dependencies:", "pip:", "[[package]]", "name = ", "version = ", "FROM ", "ARG X=$X$X\n",
        "<Project>", "<PackageReference Include=\"a\" Version=\"1\">", "</", "/>", "<!DOCTYPE a>", "\u0000", "\uD800", "😀", "{\"packages\":{\"node_modules/a\":{\"version\":\"1\"}}}", "\"\\ud800\"", "@ https://x/y-1.0-py3-none-any.whl", "%ZZ",
    ];

    [Fact]
    public void Requirements_give_pins_and_say_what_else_they_ask_for()
    {
        var found = Parse("requirements.txt", """
            # made by hand
            --index-url https://example.org/simple
            -r base.txt
            -c constraints.txt
            torch==2.3.1+cu121 ; python_version >= "3.9"  # pinned
            numpy>=1.24,<2
            Requests[security, socks] == 2.31.0 \
                --hash=sha256:aaaa \
                --hash=sha256:bbbb
            pandas
            scipy===1.11.4
            flask~=2.0 ; sys_platform == 'win32'
            attrs (==23.1.0)
            wild==1.*
            mine @ https://example.org/mine-0.4.2-py3-none-any.whl
            https://example.org/wheels/other_thing-1.0.1-cp311-cp311-linux_x86_64.whl
            -e git+https://example.org/x.git@abc#egg=edited
            ??? what
            """);

        Assert.Equal(
        [
            "torch 2.3.1+cu121 pinned", "numpy - >=1.24,<2", "Requests 2.31.0 pinned", "pandas - ", "scipy 1.11.4 pinned", "flask - ~=2.0", "attrs 23.1.0 pinned", "wild - ==1.*", "mine 0.4.2 pinned", "other_thing 1.0.1 pinned",
            "edited - @ git+https://example.org/x.git@abc#egg=edited",
        ], Said(found));
        Assert.Equal([new UnreadLine("requirements.txt", 18, "??? what")], found.Unread);
    }

    [Fact]
    public void Conda_gives_its_own_packages_pips_and_the_language()
    {
        var found = Parse("env/conda.yaml", """
            name: training
            channels: [conda-forge]
            dependencies:
              - python=3.11.4
              - numpy=1.24
              - pandas=2.0.3
              - conda-forge::scipy==1.11
              - mkl=2023.1.0=h213fc3f_46344
              - blas >=1.0
              - openssl 3.*
              - pip<=23.1
              - pip:
                - mlflow==2.9.2
                - scikit-learn>=1.3
            """);

        Assert.Equal(
            ["numpy 1.24 =1.24", "pandas 2.0.3 pinned", "scipy 1.11 pinned", "mkl 2023.1.0 pinned", "blas - >=1.0", "openssl 3 3.*", "pip - <=23.1", "mlflow 2.9.2 pinned", "scikit-learn - >=1.3"], Said(found));
        Assert.Equal("python 3.11.4", Assert.Single(found.Languages.Select(static language => $"{language.Key} {language.Value}")));
        Assert.Empty(found.Unread);
    }

    [Fact]
    public void A_python_environment_gives_the_language_and_what_builds_it()
    {
        var found = Parse("python_env.yaml", "python: 3.10.12\nbuild_dependencies:\n- pip==23.2.1\n- setuptools\ndependencies:\n- -r requirements.txt\n- xgboost==2.0.0\n");

        Assert.Equal(["xgboost 2.0.0 pinned", "pip 23.2.1 pinned", "setuptools - "], Said(found));
        Assert.Equal("3.10.12", Assert.Single(found.Languages).Value);
    }

    [Fact]
    public void A_model_gives_the_versions_of_its_flavors()
    {
        var found = Parse("model/MLmodel", """
            artifact_path: model
            flavors:
              python_function:
                env: {conda: conda.yaml, virtualenv: python_env.yaml}
                loader_module: mlflow.sklearn
                python_version: 3.11.4
              sklearn:
                pickled_model: model.pkl
                serialization_format: cloudpickle
                sklearn_version: 1.3.2
              pytorch: {pytorch_version: "2.1.0", code: null}
            mlflow_version: 2.9.2
            model_uuid: 1a2b
            utc_time_created: '2024-01-02 03:04:05'
            """);

        Assert.Equal(["mlflow 2.9.2 pinned", "scikit-learn 1.3.2 pinned", "torch 2.1.0 pinned"], Said(found));
        Assert.Equal("3.11.4", Assert.Single(found.Languages).Value);
        Assert.Empty(found.Unread);
    }

    [Fact]
    public void A_model_is_reduced_to_what_tells_of_the_environment()
    {
        const string text = """
            flavors:
              python_function: {python_version: 3.11.4, loader_module: x}
              sklearn: {sklearn_version: 1.3.2, code: null}
              also: {sklearn_version: 9.9.9, odd_version: "none"}
            mlflow_version: 3.1.0
            model_uuid: 1a2b
            run_id: 0123
            utc_time_created: '2024-01-02 03:04:05'
            """;

        var reduced = YamlParsers.ReduceModel(text)!;

        Assert.Equal("mlflow_version: '3.1.0'\nflavors:\n  python_function:\n    python_version: '3.11.4'\n  sklearn:\n    sklearn_version: '1.3.2'\n", reduced);
        Assert.Equal(reduced, YamlParsers.ReduceModel(reduced));
        Assert.Equal(["mlflow 3.1.0 pinned", "scikit-learn 1.3.2 pinned"], Said(Parse("MLmodel", reduced)));
        Assert.Null(YamlParsers.ReduceModel("run_id: 0123\nmodel_uuid: 1a2b\n"));
    }

    [Fact]
    public void Any_reduced_model_says_what_the_whole_one_said() => Gen.Select(Gen.OneOf("", "  a:\n", "  b:\n", "flavors:\n", "run_id: 1\n"), Gen.OneOf("sklearn", "scikit-learn", "python", "xgb", "schema"), Gen.OneOf("1.0", "2.1.0", "3.11", "'x''y'", "no")).Array[0, 12].Sample(static lines =>
    {
        var text = string.Concat(lines.Select(static line => $"{line.Item1}{(line.Item1.StartsWith(' ') ? "    " : "")}{line.Item2}_version: {line.Item3}\n"));

        var reduced = YamlParsers.ReduceModel(text) ?? "";

        static IEnumerable<string> First(Findings found) => found.Packages.DistinctBy(static package => package.Key).Select(static package => $"{package.Key} {package.Version}").Concat(found.Languages.Take(1).Select(static language => language.Value)).Order(StringComparer.Ordinal);
        Assert.Equal(First(Parse("MLmodel", text)), First(Parse("MLmodel", reduced)));
    });

    [Theory]
    [InlineData("FROM python:3.11-slim", "python:3.11-slim", null)]
    [InlineData("# x\nARG TAG=12.1\nFROM --platform=linux/amd64 nvidia/cuda:${TAG} AS base\nRUN a \\\n  FROM b\nFROM base\n", "nvidia/cuda:12.1", null)]
    [InlineData("from a AS build\nFROM registry.example.org:5000/x@sha256:00ff", "registry.example.org:5000/x", "sha256:00ff")]
    [InlineData("FROM a AS one\nFROM b AS two\nFROM ONE AS three\nFROM three", "a", null)]
    public void A_dockerfile_gives_the_image_its_last_stage_builds_on(string text, string image, string? digest) =>
        Assert.Equal(new DockerImage(image, digest, null), Parse("Dockerfile", text).Base);

    [Theory]
    [InlineData("poetry.lock")]
    [InlineData("uv.lock")]
    [InlineData("pdm.lock")]
    public void Python_locks_give_every_package_but_the_project(string name)
    {
        var found = Parse(name, """"
            version = 1

            [[package]]
            name = "torch"
            version = "2.3.1" # exact
            description = """
            name = "no"
            """
            files = [
                {file = "torch.whl", hash = "sha256:00"},
            ]

            [package.dependencies]
            name = "nested"

            [[package]]
            name = 'my-project'
            version = "0.1.0"
            source = { virtual = "." }

            [[package]]
            version = "1"

            [[package]]
            name = "numpy"
            version = "1.26.4"

            [metadata]
            name = "x"
            """");

        Assert.Equal(["torch 2.3.1 pinned", "numpy 1.26.4 pinned"], Said(found));
        Assert.Equal("[[package]] without a name", Assert.Single(found.Unread).Text);
    }

    [Fact]
    public void A_pipfile_lock_gives_both_its_parts()
    {
        var found = Parse("Pipfile.lock", """{"_meta":{"requires":{"python_version":"3.11"}},"default":{"torch":{"version":"==2.3.1"},"mine":{"git":"x"}},"develop":{"pytest":{"version":"==8.0"}}}""");

        Assert.Equal(["torch 2.3.1 pinned", "mine - ", "pytest 8.0 pinned"], Said(found));
        Assert.Equal("3.11", Assert.Single(found.Languages).Value);
    }

    [Fact]
    public void An_npm_lock_gives_the_outermost_of_each_package()
    {
        var found = Parse("package-lock.json", """
            {"lockfileVersion":3,"packages":{"":{"name":"me"},"node_modules/a/node_modules/b":{"version":"1.0.0"},"node_modules/b":{"version":"2.0.0"},"node_modules/@t/n":{"version":"20.1.0"},
             "lib/x":{"version":"9.9.9"},"node_modules/x":{"resolved":"lib/x","link":true}}}
            """);

        Assert.Equal(["b 2.0.0 pinned", "@t/n 20.1.0 pinned"], Said(found));
        Assert.Equal(["a 1.2.3 pinned"], Said(Parse("package-lock.json", """{"lockfileVersion":1,"dependencies":{"a":{"version":"1.2.3"}}}""")));
        Assert.Equal(["a - ^1.2.3", "b 1.0.0 pinned", "c - 1.0", "d - git+https://x"], Said(Parse("package.json", """{"dependencies":{"a":"^1.2.3","b":"1.0.0","c":"1.0"},"devDependencies":{"d":"git+https://x"}}""")));
    }

    [Fact]
    public void Nuget_gives_what_is_resolved_and_what_is_referenced()
    {
        Assert.Equal(["A 1.2.3 pinned"], Said(Parse("packages.lock.json", """{"version":1,"dependencies":{"net8.0":{"A":{"type":"Direct","requested":"[1.2, )","resolved":"1.2.3"},"me":{"type":"Project"}}}}""")));

        var project = Parse("src/App.csproj", """
            <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            <ItemGroup><PackageReference Include="A" Version="1.2.3" /><PackageReference Include="B"><Version>[2.0.0]</Version></PackageReference>
            <PackageReference Include="C" /><PackageReference Include="D" Version="[1,2)" /><PackageReference Include="E"><PrivateAssets>all</PrivateAssets></PackageReference></ItemGroup></Project>
            """);
        Assert.Equal(["A 1.2.3 pinned", "B 2.0.0 pinned", "C - ", "D - [1,2)", "E - "], Said(project));
        Assert.Equal("10.0", Assert.Single(project.Languages).Value);
    }

    [Theory]
    [InlineData("conda.yaml", "dependencies:\n- &a numpy=1\n- *a\n")]
    [InlineData("conda.yaml", "dependencies: [numpy=1.0.0\n")]
    [InlineData("package-lock.json", "{\"packages\": {")]
    [InlineData("Pipfile.lock", "{\"default\": {\"a\": {\"version\": \"\\ud800\"}}}")]
    [InlineData("App.csproj", "<!DOCTYPE x [<!ENTITY a \"b\">]><Project>&a;</Project>")]
    [InlineData("requirements.txt", "a\u0001==1")]
    public void What_cannot_be_read_is_listed(string name, string text) => Assert.NotEmpty(Parse(name, text).Unread);

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        foreach (var name in Names)
        {
            Parse(name, new string('[', 500_000));
            Parse(name, string.Concat(Enumerable.Repeat("{\"a\":", 100_000)));
            Parse(name, string.Concat(Enumerable.Repeat("<a>", 100_000)));
            Parse(name, string.Concat(Enumerable.Repeat("- ", 100_000)));
            Parse(name, new string('a', 1_000_000));
            Parse(name, "a==" + new string('1', 1_000_000));
            Parse(name, string.Concat(Enumerable.Range(0, 30_000).Select(static n => $"p{n}==1\n")));
            Parse(name, string.Concat(Enumerable.Range(0, 100).Select(static n => $"ARG A{n}=${{A{n - 1}}}${{A{n - 1}}}\n")) + "FROM ${A99}${A99}");
        }
        Assert.Equal(Findings.MaxPackages, Parse("requirements.txt", string.Concat(Enumerable.Range(0, 30_000).Select(static n => $"p{n}==1\n"))).Packages.Count);
    }

    [Fact]
    public void No_text_makes_a_parser_fail() => Gen.Select(Gen.OneOf(Names), Gen.OneOf(Gen.String, Gen.OneOf(Pieces).Array[0, 40].Select(static pieces => string.Concat(pieces)))).Sample(static (name, text) =>
    {
        var found = Parse(name, text);

        Assert.All(found.Packages, static package => Assert.DoesNotContain(package.Name, static c => char.IsControl(c) || char.IsWhiteSpace(c)));
        Assert.InRange(found.Unread.Count, 0, 100);
    }, iter: 30_000);

    [Fact]
    public void No_bytes_make_a_parser_fail() => Gen.Select(Gen.OneOf(Names), Gen.Byte.Array[0, 300]).Sample(static (name, bytes) => _ = Parse(name, Encoding.Latin1.GetString(bytes)), iter: 10_000);

    private static Findings Parse(string path, string text) => EnvironmentParser.Parse(new EnvironmentFile(path, text));

    private static IEnumerable<string> Said(Findings found) => found.Packages.Select(static package => $"{package.Name} {package.Version ?? "-"} {(package.Pinned ? "pinned" : package.Requirement)}");
}
