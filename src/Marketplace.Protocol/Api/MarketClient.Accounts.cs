namespace LazyOC.Marketplace.Protocol.Api;

/// <content>How an account is signed in to.</content>
public sealed partial class MarketClient
{
    /// <summary>Whether it takes a code to sign in.</summary>
    public Task<ApiResult<SecondFactorInfo>> SecondFactorAsync(CancellationToken cancellationToken) => GetAsync("account/second-factor", Json.SecondFactorInfo, cancellationToken);

    /// <summary>Makes a secret for an authenticator app; <see cref="ConfirmSecondFactorAsync"/> turns it on.</summary>
    public Task<ApiResult<SecondFactorEnrolment>> EnrolSecondFactorAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, "account/second-factor/enrolment", null, Json.SecondFactorEnrolment, _limits.AnswerTimeout, cancellationToken);

    public Task<ApiResult<RecoveryCodes>> ConfirmSecondFactorAsync(SecondFactorCode code, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, "account/second-factor", code, Json.SecondFactorCode, Json.RecoveryCodes, cancellationToken);

    public Task<ApiResult<Done>> RemoveSecondFactorAsync(SecondFactorCode code, CancellationToken cancellationToken) => SendAsync<SecondFactorCode, Done>(HttpMethod.Post, "account/second-factor/removal", code, Json.SecondFactorCode, null, cancellationToken);

    /// <summary>The accounts elsewhere by which the caller signs in; linking takes a browser.</summary>
    public Task<ApiResult<IdentityList>> IdentitiesAsync(CancellationToken cancellationToken) => GetAsync("account/identities", Json.IdentityList, cancellationToken);

    public Task<ApiResult<Done>> UnlinkAsync(string provider, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"account/identities/{Escape(provider)}", cancellationToken);

    /// <summary>Makes new recovery codes; the old ones are good for nothing.</summary>
    public Task<ApiResult<RecoveryCodes>> RenewRecoveryCodesAsync(SecondFactorCode code, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, "account/second-factor/recovery-codes", code, Json.SecondFactorCode, Json.RecoveryCodes, cancellationToken);
}
