namespace ServerlessMeta.Ui.Docs;

/// <param name="Description">Where the API's description is.</param>
public sealed record DocsModel(string Description);
