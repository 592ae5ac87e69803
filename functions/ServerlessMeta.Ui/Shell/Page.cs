using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.Shell;

/// <summary>Answers with pages, which are rendered here and need no script to be read.</summary>
internal static class Page
{
    /// <summary>A page, or a part of one, of its model.</summary>
    public static RazorComponentResult Show<TPage>(object model, int status = StatusCodes.Status200OK)
        where TPage : IComponent =>
        new RazorComponentResult<TPage>(new Dictionary<string, object?>(StringComparer.Ordinal) { ["Model"] = model }) { PreventStreamingRendering = true, StatusCode = status };

    /// <summary>What is asked for is not there, or was asked for wrongly.</summary>
    public static RazorComponentResult Fault(Failure failure) => failure is Failure.NotFound
        ? Fault("Not found", failure.Detail, StatusCodes.Status404NotFound)
        : Fault("This cannot be shown", failure.Detail, StatusCodes.Status400BadRequest);

    public static RazorComponentResult Fault(string title, string detail, int status) => Show<FaultPage>(new FaultModel(title, detail), status);
}
