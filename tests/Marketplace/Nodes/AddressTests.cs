using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Storage;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Tests.Nodes;

/// <summary>Addresses of databases and buckets.</summary>
public sealed class AddressTests
{
    [Fact]
    public void Database_IsReadWithAllThatItSays()
    {
        var address = MarketFixture.Value(DatabaseAddress.Parse("postgres://market:a%2Fb%3F@db.example.com:5433/plugins?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem", 7));

        Assert.Equal(("db.example.com", 5433, "plugins", "market", "a/b?"), (address.Host, address.Port, address.Database, address.Username, address.Password));
        Assert.Equal((Npgsql.SslMode.VerifyFull, "/etc/ca.pem", 7), (address.SslMode, address.RootCertificate, address.MaxPoolSize));
        Assert.Equal("/run/postgresql", MarketFixture.Value(DatabaseAddress.Parse("postgres:///plugins?host=/run/postgresql", 7)).Host);
    }

    [Theory]
    [InlineData("market.db")]
    [InlineData("mysql://u:hunter2@host/db")]
    [InlineData("postgres://u:hunter2@host")]
    [InlineData("postgres://u:hunter2@host/a/b")]
    [InlineData("postgres://u:hunter2@host/db?sslmode=hunter2")]
    [InlineData("postgres://u:hunter2@host/db?hunter2=1")]
    public void Database_ThatMakesNoSense_IsRefusedWithoutTellingItsPassword(string text)
    {
        Assert.False(DatabaseAddress.Parse(text, 7).TryGet(out _, out var problems));
        Assert.DoesNotContain("hunter2", Problem.Join(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/var/packages")]
    [InlineData("s3://")]
    [InlineData("s3://bucket?endpoint=ftp://host")]
    [InlineData("s3://bucket?region=")]
    [InlineData("s3://bucket?acl=public")]
    [InlineData("s3://key:secret@bucket")]
    public void Storage_ThatMakesNoSense_IsRefused(string text) => Assert.False(ObjectAddress.Parse(text).TryGet(out _, out _));
}
