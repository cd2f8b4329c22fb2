import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.codelibs.opensearch.runner.node.OpenSearchRunnerNode;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.painless.PainlessModulePlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.script.expression.ExpressionModulePlugin;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * One node of a cluster on this machine, a process of its own, so that one can be lost while the others go on.
 * Arguments: its name, its folder, its HTTP port, its transport port, all transport ports with commas between; then classes of plugins.
 */
public class Node {
    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        Path home = Path.of(arguments[1]);
        String[] peers = arguments[4].split(",");
        String[] seeds = new String[peers.length];
        String[] names = new String[peers.length];
        for (int i = 0; i < peers.length; i++) {
            seeds[i] = "127.0.0.1:" + peers[i];
            names[i] = "node" + (i + 1);
        }
        Settings settings = Settings.builder()
            .put("path.home", home.toString())
            .put("path.data", home.resolve("data").toString())
            .put("path.logs", home.resolve("logs").toString())
            .put("path.repo", home.getParent().resolve("snapshots").toString())
            .put("cluster.name", "gongwen")
            .put("node.name", name)
            .put("network.host", "127.0.0.1")
            .put("http.port", arguments[2])
            .put("transport.port", arguments[3])
            .putList("discovery.seed_hosts", seeds)
            .putList("cluster.initial_cluster_manager_nodes", names)
            .put("cluster.routing.allocation.disk.threshold_enabled", "false")
            .put("cluster.max_shards_per_node", "5000")
            .put("script.max_compilations_rate", "use-context")
            .build();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            settings, Map.of(), home.resolve("config"), () -> name);
        List<Class<? extends Plugin>> plugins = new ArrayList<>(
            List.of(Netty4ModulePlugin.class, PainlessModulePlugin.class, ExpressionModulePlugin.class));
        for (int i = 5; i < arguments.length; i++) {
            plugins.add(Class.forName(arguments[i]).asSubclass(Plugin.class));
        }
        OpenSearchRunnerNode node = new OpenSearchRunnerNode(environment, plugins);
        node.start();
        // Whoever started it holds the other end: a node ends with its starter, however that ended.
        System.in.read();
        Runtime.getRuntime().halt(0);
    }
}
