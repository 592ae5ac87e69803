using ServerlessMeta.Environments;
using ServerlessMeta.Mlflow.Wire;

namespace ServerlessMeta.Mlflow.Environments;

/// <summary>The tags by which MLflow's clients say what code a run ran.</summary>
public static class EnvironmentTags
{
    public static readonly EnvironmentWords Words = new()
    {
        Commit = ["mlflow.source.git.commit", "mlflow.git.commit"],
        Branch = ["mlflow.source.git.branch", "mlflow.gitBranchName", "mlflow.git.branch"],
        Remote = ["mlflow.source.git.repoURL", "mlflow.gitRepoURL", "mlflow.git.repo_url"],
        Diff = ["mlflow.source.git.diff", "mlflow.git.diff"],
        Dirty = ["mlflow.source.git.dirty", "mlflow.git.dirty"],
        EntryPoint = ["mlflow.project.entryPoint", "mlflow.source.name"],
        Image = ["mlflow.docker.image.uri", "mlflow.docker.image.name"],
        LongestValue = Rules.TagLength,
    };
}
