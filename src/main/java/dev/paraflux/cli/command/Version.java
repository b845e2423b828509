package dev.paraflux.cli.command;

import picocli.CommandLine.IVersionProvider;

/** The version of the module, or in the jar's manifest. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"paraflux " + text()};
    }

    static String text() {
        Module module = Version.class.getModule();
        String version = module.isNamed() ? module.getDescriptor().rawVersion().orElse(null)
                : Version.class.getPackage().getImplementationVersion();
        return version == null ? "(development build)" : version;
    }
}
