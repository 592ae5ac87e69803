using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using ServerlessMeta.Platform;

namespace ServerlessMeta.Ui.Shell;

/// <summary>Answers with pages, which are rendered here and need no script to be read.</summary>
internal static class Page
{
    /// <summary>A page of its model.</summary>
    public static IResult Show<TPage>(object model, int status = StatusCodes.Status200OK)
        where TPage : IComponent => new PageResult(typeof(TPage), model, status, PageFrame.Whole);

    /// <summary>A page with nothing around it, for who is not known yet.</summary>
    public static IResult Alone<TPage>(object model)
        where TPage : IComponent => new PageResult(typeof(TPage), model, StatusCodes.Status200OK, PageFrame.Alone);

    /// <summary>A part that a page's script puts in its place.</summary>
    public static IResult Part<TPart>(object model)
        where TPart : IComponent => new PageResult(typeof(TPart), model, StatusCodes.Status200OK, PageFrame.None);

    /// <summary>What is asked for is not there, or was asked for wrongly.</summary>
    public static IResult Fault(Failure failure) => failure is Failure.NotFound
        ? Fault("Not found", failure.Detail, StatusCodes.Status404NotFound)
        : Fault("This cannot be shown", failure.Detail, StatusCodes.Status400BadRequest);

    public static IResult Fault(string title, string detail, int status) => Show<FaultPage>(new FaultModel(title, detail), status);
}
