namespace ServerlessMeta.Previews;

/// <summary>There is no memory for a picture's pixels, which are allocated by native code.</summary>
internal sealed class PixelMemoryException() : Exception("There is no memory for the pixels of a picture.");
