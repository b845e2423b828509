package dev.paraflux.model.pretrained;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicasByDefaultTest {
    @ParameterizedTest
    @CsvSource({",2,2", "1,2,1", "' 3 ',8,3", "3,2,2", "0,4,4", "-1,4,4", "'2,1',4,2", "'',4,4", "many,4,4",
            "99999999999,4,4", "4,1000,4"})
    void aCoreEachUnlessTheEnvironmentSaysFewer(String environment, int processors, int replicas) {
        assertEquals(replicas, Replicas.byDefault(environment, processors));
    }
}
