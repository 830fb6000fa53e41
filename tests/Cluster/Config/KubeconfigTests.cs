using System.Text;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Tests.Config;

public sealed class KubeconfigTests : IDisposable
{
    private const string Minimal = """
        apiVersion: v1
        kind: Config
        current-context: dev
        contexts:
        - name: dev
          context: { cluster: one, user: alice, namespace: shop }
        clusters:
        - name: one
          cluster: { server: "https://one.example.com:6443" }
        users:
        - name: alice
          user: { token: t0ken }
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kubeconfig");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Resolve_CurrentContext_GivesServerNamespaceAndToken()
    {
        var options = Kubeconfig.Load([Write("config", Minimal)]).Resolve();

        Assert.Equal("https://one.example.com:6443/", options.Server.AbsoluteUri);
        Assert.Equal(("dev", "shop", "t0ken", "alice"), (options.Context, options.Namespace, options.Token, options.UserName));
    }

    [Fact]
    public void ToString_WithSecrets_ShowsNone()
    {
        var kubeconfig = Kubeconfig.Load([Write("config", Minimal)]);

        Assert.DoesNotContain("t0ken", kubeconfig.Resolve().ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", kubeconfig.Users[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SeveralFiles_FirstDefinitionWins()
    {
        var first = Write("first", """
            current-context: ""
            clusters:
            - { name: one, cluster: { server: "https://first.example.com" } }
            """);
        var second = Write("second", Minimal);

        var kubeconfig = Kubeconfig.Load([Path.Combine(_directory.FullName, "missing"), first, second]);

        Assert.Equal("dev", kubeconfig.CurrentContext);
        Assert.Equal("https://first.example.com/", kubeconfig.Resolve().Server.AbsoluteUri);
        Assert.Equal<IEnumerable<string>>([first, second], kubeconfig.Files);
    }

    [Fact]
    public void Load_RelativePaths_ResolveAgainstTheirFile()
    {
        Write("sub/ca.crt", "CA");
        var file = Write("sub/config", """
            clusters:
            - { name: one, cluster: { server: "https://x", certificate-authority: ca.crt } }
            users:
            - name: alice
              user:
                tokenFile: token
                exec: { apiVersion: client.authentication.k8s.io/v1, command: ./bin/login }
            contexts:
            - { name: dev, context: { cluster: one, user: alice } }
            """);

        var options = Kubeconfig.Load([file]).Resolve("dev");

        var directory = Path.GetDirectoryName(file)!;
        Assert.Equal("CA", options.CertificateAuthorityPem);
        Assert.Equal(Path.Combine(directory, "token"), options.TokenFile);
        Assert.Equal(Path.Combine(directory, "bin/login"), options.Exec!.Command);
    }

    [Fact]
    public void Load_DataAndPath_DataWins()
    {
        Write("ca.crt", "from file");
        var file = Write("config", Minimal.Replace("{ server: \"https://one.example.com:6443\" }", $"{{ server: \"https://x\", certificate-authority: ca.crt, certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes("from data"))} }}", StringComparison.Ordinal));

        Assert.Equal("from data", Kubeconfig.Load([file]).Resolve().CertificateAuthorityPem);
    }

    [Fact]
    public void Load_ExecAndImpersonation_AreRead()
    {
        var file = Write("config", Minimal.Replace("{ token: t0ken }", """
            
                exec:
                  apiVersion: client.authentication.k8s.io/v1beta1
                  command: aws
                  args: [eks, get-token]
                  env: [{ name: AWS_PROFILE, value: dev }]
                  interactiveMode: Never
                  provideClusterInfo: true
                  installHint: install aws
                as: bob
                as-groups: [ops, dev]
                as-user-extra: { reason: [audit, test] }
            """, StringComparison.Ordinal));

        var options = Kubeconfig.Load([file]).Resolve();

        Assert.Equal<IEnumerable<string>>(["eks", "get-token"], options.Exec!.Arguments);
        Assert.Equal(("aws", ExecInteractiveMode.Never, true, "install aws"), (options.Exec.Command, options.Exec.InteractiveMode, options.Exec.ProvideClusterInfo, options.Exec.InstallHint));
        Assert.Equal("bob", options.Impersonate!.User);
        Assert.Equal<IEnumerable<string>>(["ops", "dev"], options.Impersonate.Groups);
        Assert.Equal(2, options.Impersonate.Extra.Length);
    }

    [Theory]
    [InlineData("clusters: {}", "config:1", "clusters")]
    [InlineData("contexts:\n- context: {}", "config:2", "contexts[0].name")]
    [InlineData("clusters:\n- name: a\n  cluster:\n    server: [1]", "config:4", "clusters[a].cluster.server")]
    [InlineData("clusters:\n- name: a\n  cluster:\n    server: 'ftp://x'", "config:4", "`https://`")]
    [InlineData("clusters:\n- name: a\n  cluster:\n    insecure-skip-tls-verify: maybe\n    server: x", "config:4", "`true` and `false`")]
    [InlineData("users:\n- name: a\n  user:\n    client-key-data: '%%'", "config:4", "not base64")]
    [InlineData("users:\n- name: a\n  user:\n    exec: { apiVersion: v9, command: x }", "config:4", "users[a].user.exec.apiVersion")]
    [InlineData("kind: Pod", "config", "`Pod`")]
    [InlineData("- 1", "config", "top level")]
    [InlineData("a: [", "config:", "not valid YAML")]
    [InlineData("a: 1\na: 2", "config:2", "twice")]
    [InlineData("a: *b", "config:1", "alias `*b`")]
    [InlineData("a: &a [*a]", "config:1", "alias `*a`")]
    public void Load_BrokenFile_NamesFileLineAndKey(string yaml, string where, string what)
    {
        var file = Write("config", yaml);

        var error = Assert.Throws<KubeconfigException>(() => Kubeconfig.Load([file]));

        Assert.Contains(where, error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message + error.Hint, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint);
    }

    [Fact]
    public void Load_AliasBomb_StaysSmallAndIsReadable()
    {
        var yaml = new StringBuilder("a0: &a0 [x, x]\n");
        for (var i = 1; i < 60; i++)
            yaml.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n");

        Assert.Empty(Kubeconfig.Load([Write("config", yaml.ToString())]).Contexts);
    }

    [Fact]
    public void Load_BeyondLimits_IsRefused()
    {
        var limits = ClusterLimits.Default with { MaxKubeconfigBytes = 2000, MaxYamlNodes = 50, MaxYamlDepth = 10 };

        Assert.Contains("larger than 2000", Fails(new string('#', 2001)), StringComparison.Ordinal);
        Assert.Contains("more than 50 values", Fails($"a: [{string.Join(',', Enumerable.Repeat("x", 60))}]"), StringComparison.Ordinal);
        Assert.Contains("deeper than 10", Fails(new string('[', 900) + new string(']', 900)), StringComparison.Ordinal);

        string Fails(string yaml) => Assert.Throws<KubeconfigException>(() => Kubeconfig.Load([Write("config", yaml)], limits)).Message;
    }

    [Fact]
    public void Load_NoFile_SaysHowToGetOne()
    {
        var error = Assert.Throws<KubeconfigException>(() => Kubeconfig.Load([Path.Combine(_directory.FullName, "none")]));

        Assert.Contains("no kubeconfig", error.Message, StringComparison.Ordinal);
        Assert.Contains("oc login", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_UnknownContext_ListsTheKnown()
    {
        var error = Assert.Throws<KubeconfigException>(() => Kubeconfig.Load([Write("config", Minimal)]).Resolve("prod"));

        Assert.Contains("`prod`", error.Message, StringComparison.Ordinal);
        Assert.Contains("`dev`", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster: one", "cluster: two", "cluster `two`")]
    [InlineData("user: alice", "user: bob", "user `bob`")]
    public void Resolve_DanglingName_NamesIt(string from, string to, string what)
    {
        var error = Assert.Throws<KubeconfigException>(() => Kubeconfig.Load([Write("config", Minimal.Replace(from, to, StringComparison.Ordinal))]).Resolve());

        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DefaultPaths_ListOrHome_AsKubectl()
    {
        Assert.Equal<IEnumerable<string>>(["/a", "/b"], Kubeconfig.DefaultPaths($"/a{Path.PathSeparator}{Path.PathSeparator}/b{Path.PathSeparator}/a", "/home/x"));
        Assert.Equal<IEnumerable<string>>([Path.Combine("/home/x", ".kube", "config")], Kubeconfig.DefaultPaths(null, "/home/x"));
    }

    [Fact]
    public void InCluster_WithServiceAccount_GivesItsOptions()
    {
        Write("account/token", "abc");
        Write("account/ca.crt", "CA");
        Write("account/namespace", "shop\n");
        var directory = Path.Combine(_directory.FullName, "account");

        var options = InCluster.Resolve("fd00::1", "443", directory);

        Assert.Equal("https://[fd00::1]/", options!.Server.AbsoluteUri);
        Assert.Equal(("shop", "CA", Path.Combine(directory, "token")), (options.Namespace, options.CertificateAuthorityPem, options.TokenFile));
        Assert.Null(InCluster.Resolve(null, null, directory));
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_directory.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
