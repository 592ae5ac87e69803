namespace ServerlessMeta.Ui.SignIn;

/// <param name="Return">Where the reader wanted to be.</param>
/// <param name="HasFailed">Whether a token was refused just now.</param>
/// <param name="IsPlain">Whether the browser would not keep the cookie: the address is neither https nor loopback.</param>
public sealed record SignInModel(string Return, bool HasFailed, bool IsPlain);
