using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using ServerlessMeta.Access;

namespace ServerlessMeta.Ui.Shell;

/// <summary>Renders a component with its model: as a page, or as a part that a page puts in its place. Whoever has it as it is gets 304.</summary>
/// <param name="component">Has a parameter <c>Model</c>.</param>
/// <param name="model">What it shows.</param>
/// <param name="status">Of the answer.</param>
/// <param name="frame">What surrounds it.</param>
internal sealed class PageResult(Type component, object model, int status, PageFrame frame) : IResult
{
    private const int TagBytes = 12;

    public async Task ExecuteAsync(HttpContext context)
    {
        var html = Encoding.UTF8.GetBytes(await RenderAsync(context));
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(html).AsSpan(0, TagBytes))}\"", isWeak: true);
        context.Response.StatusCode = status;
        context.Response.GetTypedHeaders().ETag = tag;
        if (status == StatusCodes.Status200OK && context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.Body.WriteAsync(html, context.RequestAborted);
    }

    private async Task<string> RenderAsync(HttpContext context)
    {
        await using var renderer = new HtmlRenderer(context.RequestServices, context.RequestServices.GetRequiredService<ILoggerFactory>());
        RenderFragment body = builder =>
        {
            builder.OpenComponent(0, component);
            builder.AddComponentParameter(1, "Model", model);
            builder.CloseComponent();
        };
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var rendered = frame is not PageFrame.None
                ? await renderer.RenderComponentAsync<PageShell>(ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    [nameof(PageShell.Path)] = context.Request.Path.Value ?? "/",
                    [nameof(PageShell.IsAlone)] = frame is PageFrame.Alone,
                    [nameof(PageShell.IsSignedIn)] = AccessCookie.Read(context.Request) is not null,
                    [nameof(PageShell.Body)] = body,
                }))
                : await renderer.RenderComponentAsync(component, ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal) { ["Model"] = model }));
            return rendered.ToHtmlString();
        });
    }
}
