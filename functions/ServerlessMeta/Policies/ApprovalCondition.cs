using ServerlessMeta.Access;

namespace ServerlessMeta.Policies;

/// <summary>How many persons must approve.</summary>
/// <param name="Count">At least 1.</param>
/// <param name="NotByAuthor">Whether whoever registered the version does not count.</param>
/// <param name="Role">The least role that counts.</param>
public sealed record ApprovalCondition(int Count, bool NotByAuthor, Role Role);
