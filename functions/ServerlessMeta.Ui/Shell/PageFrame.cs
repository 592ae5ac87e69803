namespace ServerlessMeta.Ui.Shell;

/// <summary>What surrounds what is shown.</summary>
internal enum PageFrame
{
    /// <summary>Nothing: it is a part of a page.</summary>
    None,

    /// <summary>The document, without navigation.</summary>
    Alone,

    /// <summary>The document with the navigation.</summary>
    Whole,
}
