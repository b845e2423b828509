package dev.paraflux.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** What all JSON is read and written by. */
final class Mappers {
    private Mappers() {}

    /**
     * Buffers are not kept: Jackson would leave them with every thread that has come by, such as a server's, and with them
     * the class loader that they are of.
     */
    static JsonMapper.Builder builder() {
        return JsonMapper.builder(
                JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build());
    }
}
