namespace ServerlessMeta.Previews;

/// <summary>The stream failed, not what lies in it: the only fault that a preview hands on.</summary>
internal sealed class ContentFaultException(Exception fault) : Exception(fault.Message, fault);
