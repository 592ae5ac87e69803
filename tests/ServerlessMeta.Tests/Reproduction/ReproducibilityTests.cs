using System.Collections.Immutable;
using ServerlessMeta.Datasets;
using ServerlessMeta.Environments;
using ServerlessMeta.Platform;
using ServerlessMeta.Reproduction;
using ServerlessMeta.Runs;

namespace ServerlessMeta.Tests.Reproduction;

/// <summary>The rules of the verdict, and the steps that follow from what is recorded.</summary>
public sealed class ReproducibilityTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private const string Md5 = "d41d8cd98f00b204e9800998ecf8427e";
    private const string Sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly GitState Clean = new(Commit, "https://example.org/x.git", "main", null, false);
    private static readonly DatasetInput Data = new("train", Md5, "local", "/data/train.csv", null, null, []);

    [Fact]
    public void All_that_is_needed_makes_a_run_reproducible() => Judge(Record(), Verdict.Reproducible, "code present", "data present", "environment present", "entryPoint present", "params missing", "seed missing");

    public static TheoryData<string, string, string> Rules => new()
    {
        { "no commit", "lost", "code missing" },
        { "no commit, code files", "reproducible", "code present" },
        { "no commit, other files", "lost", "code missing" },
        { "a short commit", "degraded", "code weak" },
        { "no remote", "degraded", "code weak" },
        { "nobody said whether clean", "degraded", "code weak" },
        { "dirty", "degraded", "code weak" },
        { "dirty with a diff", "reproducible", "code present" },
        { "a cut diff", "degraded", "code weak" },
        { "dirty, code files", "reproducible", "code present" },
        { "no dataset", "degraded", "data weak" },
        { "a short digest", "degraded", "data weak" },
        { "no source", "degraded", "data weak" },
        { "no source, a short digest", "lost", "data missing" },
        { "an empty JSON source, a short digest", "lost", "data missing" },
        { "SHA-256 as a tag", "reproducible", "data present" },
        { "no environment", "lost", "environment missing" },
        { "unpinned packages", "degraded", "environment weak" },
        { "unpinned packages, a lock", "reproducible", "environment present" },
        { "an image", "degraded", "environment weak" },
        { "an image by its digest", "reproducible", "environment present" },
        { "a language alone", "degraded", "environment weak" },
        { "no entry point", "degraded", "entryPoint missing" },
        { "a script that a tag names", "reproducible", "entryPoint present" },
        { "a name by a tag", "degraded", "entryPoint weak" },
        { "a seed", "reproducible", "seed present" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_decides(string what, string verdict, string part) => Judge(what switch
    {
        "no commit" => Record(git: GitState.None),
        "no commit, code files" => Record(git: GitState.None, files: ["src/train.py"]),
        "no commit, other files" => Record(git: GitState.None, files: ["model/model.pkl"]),
        "a short commit" => Record(git: Clean with { Commit = "0123456" }),
        "no remote" => Record(git: Clean with { Remote = null }),
        "nobody said whether clean" => Record(git: Clean with { Dirty = null }),
        "dirty" => Record(git: Clean with { Dirty = true }),
        "dirty with a diff" => Record(git: Clean with { Dirty = true, Diff = "d" }),
        "a cut diff" => Change(Record(git: Clean with { Dirty = true, Diff = "d" }), static environment => environment with { DiffMayBeCut = true }),
        "dirty, code files" => Record(git: Clean with { Dirty = true }, files: ["train.R"]),
        "no dataset" => Record(data: []),
        "a short digest" => Record(data: [Data, Data with { Digest = "01234567" }]),
        "no source" => Record(data: [Data with { Source = "" }]),
        "no source, a short digest" => Record(data: [Data, Data with { Source = "", Digest = "01234567" }]),
        "an empty JSON source, a short digest" => Record(data: [Data with { Source = "{\"uri\": null}", Digest = "01234567" }]),
        "SHA-256 as a tag" => Record(data: [Data with { Digest = "01234567", Source = "{\"uri\": \"s3://x\"}", Tags = [new Tag("sha256", Sha256)] }]),
        "no environment" => Record(content: EnvironmentContent.None),
        "unpinned packages" => Record(content: Files(("requirements.txt", "torch==1\nnumpy"))),
        "unpinned packages, a lock" => Record(content: Files(("package.json", "{\"dependencies\":{\"a\":\"^1\"}}"), ("package-lock.json", "{\"packages\":{\"node_modules/a\":{\"version\":\"1.0.0\"}}}"))),
        "an image" => Record(content: EnvironmentContent.None with { Docker = new DockerImage("x:1", null, null) }),
        "an image by its digest" => Record(content: EnvironmentContent.None with { Docker = new DockerImage("x", $"sha256:{Sha256}", null) }),
        "a language alone" => Record(content: EnvironmentContent.None with { Languages = [new Tag("python", "3.11")] }),
        "no entry point" => Record(entry: null),
        "a script that a tag names" => Change(Record(entry: "train.py"), static environment => environment with { IsEntryDescribed = false }),
        "a name by a tag" => Change(Record(entry: "main"), static environment => environment with { IsEntryDescribed = false }),
        _ => Change(Record(), static environment => environment with { Launch = environment.Launch with { Seed = 20 } }),
    }, Enum.Parse<Verdict>(verdict, ignoreCase: true), part);

    [Fact]
    public void The_steps_follow_from_what_is_recorded()
    {
        Contains(Record(), "python3 -m venv .venv", ".venv/bin/python -m pip install --requirement requirements.txt", "git clone -- https://example.org/x.git source", $"echo '{Md5}  data/train' | md5sum -c -", "(cd source && python train.py)");
        Contains(Record(content: Files(("env/conda.yaml", "dependencies: [numpy=1.0.0]"))), "conda env create --prefix ./.conda --file env/conda.yaml", "export PATH=\"$PWD/.conda/bin:$PATH\"");
        Contains(Record(content: Files(("package-lock.json", "{}"), ("package.json", "{}"))), "npm ci --prefix ./");
        Contains(Record(content: Files(("web/package-lock.json", "{}"))), "cp source/web/package.json ./web/package.json", "npm ci --prefix ./web/");
        Contains(Record(content: Files(("src/App.csproj", "<Project/>"), ("src/packages.lock.json", "{}"))), "dotnet restore ./src/App.csproj --locked-mode");
        Contains(Record(content: EnvironmentContent.None with { Packages = [new Tag("numpy", "1!2.0"), new Tag("torch", "2.3.1")] }), ".venv/bin/python -m pip install 'numpy==1!2.0' torch==2.3.1");
        Contains(Record(content: EnvironmentContent.None with { Docker = new DockerImage("r.example.org:5000/x:1", $"sha256:{Sha256}", null) }), $"docker pull r.example.org:5000/x@sha256:{Sha256}", "docker run --rm --entrypoint sh --volume \"$PWD:/rebuild\" --workdir /rebuild/source", $" r.example.org:5000/x@sha256:{Sha256} -c 'python train.py \"$@\"' sh\n");
        Contains(Record(content: EnvironmentContent.None with { Docker = new DockerImage(null, null, "FROM x") }), "--file Dockerfile source/\n");
        Contains(Record(content: Files(("docker/Dockerfile", "FROM x"), ("requirements.txt", "a==1"), ("env/b c.txt", "x"))), "--file docker/Dockerfile source/\n", "test -e source/requirements.txt || { mkdir -p source/ && cp -- requirements.txt source/requirements.txt; }", "test -e 'source/env/b c.txt' || { mkdir -p source/env/ && cp -- 'env/b c.txt' 'source/env/b c.txt'; }");
        Contains(Record(git: Clean with { Diff = "d" }), "git -C source apply --whitespace=nowarn ../uncommitted.patch");
        Contains(Record(git: GitState.None, files: ["train.py"]), "cp -R files/. source/");
    }

    public static TheoryData<string, string, string?> Pairs => new()
    {
        { "requirements.txt requirements-dev.txt", "--requirement requirements.txt\n", "requirements-dev.txt\n" },
        { "dev-requirements.txt requirements.txt", "--requirement requirements.txt\n", "dev-requirements.txt\n" },
        { "env/requirements.txt requirements-gpu.txt", "--requirement env/requirements.txt\n", "requirements-gpu.txt\n" },
        { "constraints.txt requirements.txt", "--requirement requirements.txt --constraint constraints.txt\n", null },
        { "requirements-constraints.txt requirements.txt", "--requirement requirements.txt --constraint requirements-constraints.txt\n", null },
        { "freeze.txt requirements.txt", "--requirement freeze.txt\n", "--requirement requirements.txt" },
        { "env/pip-freeze.txt requirements.txt", "--requirement env/pip-freeze.txt\n", "--requirement requirements.txt" },
        { "freeze.txt uv.lock", "--requirement freeze.txt\n", "requirements.lock.txt" },
        { "constraints.txt freeze.txt", "--requirement freeze.txt\n", "--constraint" },
        { "uv.lock requirements.txt", "--no-deps --requirement requirements.lock.txt\n", "--requirement requirements.txt" },
        { "poetry.lock conda.yaml", "--no-deps --requirement requirements.lock.txt\n", "conda env" },
        { "uv.lock requirements.lock.txt", "--no-deps --requirement requirements.lock-2.txt\n", "--requirement requirements.lock.txt\n" },
        { "requirements-dev.txt conda.yaml", "conda env create --prefix ./.conda --file conda.yaml\n", "pip install" },
        { "constraints.txt MLmodel", "pip install scikit-learn==1.3.2 --constraint constraints.txt\n", "--requirement" },
        { "requirements-dev.txt", "--requirement requirements-dev.txt\n", null },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Of_two_files_the_one_that_says_most_is_installed(string files, string command, string? not)
    {
        var content = Files([.. files.Split(' ').Select(static path => (path, path.EndsWith(".lock", StringComparison.Ordinal) ? "[[package]]\nname = \"torch\"\nversion = \"2.3.1\"\n" : path == "MLmodel" ? "flavors: {sklearn: {sklearn_version: 1.3.2}}" : path == "conda.yaml" ? "dependencies: [torch=2.3.1]" : "torch==2.3.1"))]);

        var readme = Readme(Record(content: content));

        Assert.Contains(command, readme, StringComparison.Ordinal);
        if (not is not null)
        {
            Assert.DoesNotContain(not, readme, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, string, string> Environments => new()
    {
        { "package-lock.json {}, package.json {}, requirements.txt torch", "weak", "1 of 1 packages are not pinned: torch" },
        { "package-lock.json {}, package.json {}, requirements.txt torch==1.0", "present", "package-lock.json" },
        { "package-lock.json {}, requirements.txt torch==1.0", "present", "package-lock.json" },
        { "requirements.txt torch>=1, uv.lock", "present", "Locked by uv.lock" },
        { "requirements.txt torch>=1, poetry.lock", "present", "Locked by poetry.lock" },
        { "requirements.txt torch>=1, constraints.txt torch==1.0", "present", "all pinned" },
        { "requirements.txt torch==1.0, requirements-dev.txt pytest", "present", "requirements.txt" },
        { "requirements.txt -r base.txt, base.txt torch", "weak", "torch" },
        { "requirements.txt -r ./base.txt, base.txt torch==1.0", "present", "1 packages" },
        { "requirements.txt -r absent.txt", "weak", "absent.txt" },
        { "requirements.txt torch, conda.yaml dependencies:_[torch==1.0]", "weak", "torch" },
        { "packages.lock.json {\"dependencies\":{\"net10.0\":{\"A\":{\"type\":\"Direct\",\"resolved\":\"1.0.0\"}}}}", "weak", "no project" },
        { "App.csproj <Project><ItemGroup><PackageReference_Include='A'/></ItemGroup></Project>", "weak", "A" },
        { "App.csproj <Project/>, packages.lock.json {}", "present", "locked" },
        { "uv.lock [[package]]\nname_=_\"a\"\nversion_=_\"1\"\n[[package]]\nname_=_\"a\"\nversion_=_\"2\"", "weak", "several versions" },
        { "Dockerfile FROM_x, requirements.txt torch==1.0", "weak", "without a digest" },
        { $"Dockerfile FROM_x@sha256:{Sha256}, requirements.txt torch==1.0", "present", "requirements.txt" },
        { $"Dockerfile FROM_x@sha256:{Sha256}, requirements.txt torch", "weak", "torch" },
        { $"Dockerfile FROM_x@sha256:{Sha256}", "weak", "not recorded" },
    };

    [Theory]
    [MemberData(nameof(Environments))]
    public void An_environment_is_judged_by_what_is_run(string files, string status, string detail)
    {
        var content = Files([.. files.Split(", ").Select(static file => file.Split(' ', 2)).Select(static file => (file[0], file.Length > 1 ? file[1].Replace('_', ' ') : "[[package]]\nname = \"torch\"\nversion = \"2.3.1\"\n"))]);

        var part = Reproducibility.Of(Record(content: content)).Parts.Single(static part => part.Part == "environment");

        Assert.Equal(status, part.Status.ToString().ToLowerInvariant());
        Assert.Contains(detail, part.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_digest_without_an_image_name_is_no_environment()
    {
        var digest = EnvironmentContent.None with { Docker = new DockerImage(null, $"sha256:{Sha256}", null) };

        Judge(Record(content: digest), Verdict.Degraded, "environment weak");
        Judge(Record(content: digest with { Packages = [new Tag("torch", "2.3.1")] }), Verdict.Reproducible, "environment present");
        Contains(Record(content: digest), "the image's name is not recorded");
    }

    [Fact]
    public void The_pins_of_a_lock_and_of_the_description_are_in_the_archive()
    {
        var locked = Files(("requirements.txt", "torch>=2"), ("poetry.lock", """
            [[package]]
            name = "torch"
            version = "2.3.1"

            [[package]]
            name = "pywin32"
            version = "306"
            markers = "sys_platform == \"win32\" and python_version >= '3.9'"

            [[package]]
            name = "numpy"
            version = "1.26.4"
            """));

        Assert.Equal("numpy==1.26.4\npywin32==306 ; sys_platform == \"win32\" and python_version >= '3.9'\ntorch==2.3.1\n", Text(Record(content: locked), "requirements.lock.txt"));
        Assert.StartsWith("numpy==2.0.0\n", Text(Record(content: locked with { Packages = [new Tag("numpy", "2.0.0")] }), "requirements.lock.txt"), StringComparison.Ordinal);

        var described = Files(("requirements.txt", "torch>=2\nscipy==1.0")) with { Packages = [new Tag("scipy", "1.0"), new Tag("torch", "2.3.1")] };
        Contains(Record(content: described), "--requirement requirements.txt --requirement requirements.lock.txt\n");
        Assert.Equal("torch==2.3.1\n", Text(Record(content: described), "requirements.lock.txt"));
        Judge(Record(content: described), Verdict.Reproducible, "environment present");
    }

    [Fact]
    public void A_lock_can_say_nothing_but_pins()
    {
        var evil = Files(("uv.lock", "[[package]]\nname = \"--index-url=https://evil\"\nversion = \"1\"\n[[package]]\nname = \"a\"\nversion = \"1\"\nmarkers = \"x; $(id)\"\n[[package]]\nname = \"b\"\nversion = \"1;evil\"\n"));

        Assert.Equal("a==1\n", Text(Record(content: evil), "requirements.lock.txt"));
        Judge(Record(content: evil), Verdict.Degraded, "environment weak");
    }

    [Fact]
    public void Code_is_taken_along_before_any_number_of_other_files()
    {
        var selection = new RebuildSelection();
        for (var number = 0; number < 6_000; number++)
        {
            selection.Offer(File(FormattableString.Invariant($"a/{number}.bin"), 1));
        }
        for (var number = 0; number < 6_000; number++)
        {
            selection.Offer(File(FormattableString.Invariant($"z/{number}.py"), 1));
        }
        selection.Offer(File("z/large.py", RebuildSelection.MaxBytes));
        selection.Offer(File("z/aux.py", 1));
        selection.Offer(File("a/model.bin", RebuildSelection.MaxBytes - 11_000));

        var (files, leftOut) = selection.Finish();

        Assert.Equal((6_000, 5_000), (files.Count(static file => file.IsCode), files.Count(static file => !file.IsCode)));
        Assert.StartsWith("1003 files: ", leftOut, StringComparison.Ordinal);

        var empty = new RebuildSelection();
        for (var number = 0; number < 70_000; number++)
        {
            empty.Offer(File(FormattableString.Invariant($"{number}.py"), 0));
        }
        Assert.Equal(RebuildSelection.MaxCode, empty.Finish().Files.Length);
    }

    [Fact]
    public void What_was_recorded_stays_data_in_the_steps()
    {
        var evil = Record(git: Clean with { Remote = "x'; touch /tmp/gotcha; '" }, data: [Data with { Name = "../../etc/passwd\n```\n# h", Source = "https://x/'$(id)" }]);

        var readme = Readme(evil);

        Assert.Contains("git clone -- 'x'\\''; touch /tmp/gotcha; '\\''' source", readme, StringComparison.Ordinal);
        Assert.Contains("--output data/_.._etc_passwd_______h -- 'https://x/'\\''$(id)'", readme, StringComparison.Ordinal);
        Assert.DoesNotContain("\n# h", readme, StringComparison.Ordinal);
        Assert.DoesNotContain("checkout --quiet --detach -", Readme(Record(git: Clean with { Commit = "--upload-pack=x" })), StringComparison.Ordinal);
    }

    private static void Judge(RebuildRecord record, Verdict verdict, params string[] parts)
    {
        var judged = Reproducibility.Of(record);

        Assert.Equal(verdict, judged.Verdict);
        Assert.Subset(judged.Parts.Select(static part => $"{part.Part} {part.Status}".ToLowerInvariant()).ToHashSet(), parts.Select(static part => part.ToLowerInvariant()).ToHashSet());
    }

    private static void Contains(RebuildRecord record, params string[] commands) => Assert.All(commands, command => Assert.Contains(command, Readme(record), StringComparison.Ordinal));

    private static RecordedFile File(string path, long size) => new(path, size, Sha256, static () => new MemoryStream());

    private static string Readme(RebuildRecord record) => Text(record, "README.md");

    private static string Text(RebuildRecord record, string path)
    {
        using var reader = new StreamReader(RebuildBundle.Of(record).Find(entry => entry.Path == path)!.Open());
        return reader.ReadToEnd();
    }

    private static EnvironmentContent Files(params (string Path, string Content)[] files) => new() { Files = [.. files.Select(static file => new EnvironmentFile(file.Path, file.Content))] };

    private static RebuildRecord Change(RebuildRecord record, Func<RunEnvironment, RunEnvironment> change) => record with { Environment = change(record.Environment) };

    private static RebuildRecord Record(GitState? git = null, DatasetInput[]? data = null, EnvironmentContent? content = null, string? entry = "python train.py", string[]? files = null)
    {
        content ??= Files(("requirements.txt", "torch==2.3.1"));
        var run = new Run
        {
            Info = new RunInfo { Id = RunId.Of(default, 0, "run"), Name = "run", UserId = "", Status = RunStatus.Finished, StartedAt = DateTimeOffset.UnixEpoch, Stage = LifecycleStage.Active },
            Datasets = [.. data ?? [Data]],
            EnvironmentDigest = content.IsEmpty ? null : "d",
        };
        return new RebuildRecord
        {
            Run = run,
            Environment = new RunEnvironment
            {
                Run = run, ETag = "", Files = [.. content.AllFiles()], Docker = content.Docker, Summary = EnvironmentSummary.Of(content), IsEntryDescribed = entry is not null,
                Launch = new Launch { Git = git ?? Clean, EntryPoint = entry },
            },
            Files = files?.Select(static path => new RecordedFile(path, 1, Sha256, static () => new MemoryStream([1]))).ToImmutableArray() ?? [],
        };
    }
}
