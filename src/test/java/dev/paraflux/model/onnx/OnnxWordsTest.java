package dev.paraflux.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import org.junit.jupiter.api.Test;

/** What ONNX Runtime says of a device, as it says it, and what is told of it. */
class OnnxWordsTest {
    private static final String SOURCE = "/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:129 std::string"
            + " onnxruntime::CudaErrString(ERRTYPE, const char*) ";
    private static final String TEMPLATE = "/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:154"
            + " std::conditional_t<THRW, void, onnxruntime::common::Status> onnxruntime::CudaCall(ERRTYPE, const char*,"
            + " const char*, SUCCTYPE, const char*, const char*, int) [with ERRTYPE = cublasStatus_t; bool THRW = true;"
            + " SUCCTYPE = cublasStatus_t; std::conditional_t<THRW, void, common::Status> = void] ";
    private static final String CALL = " ; GPU=-1 ; hostname=65a6e914d819 ; file=/onnxruntime_src/cuda_call.cc ;"
            + " line=69 ; expr=cudaGetDeviceCount(&num_devices); ";

    private static OrtException saying(String message) {
        return new OrtException("Error code - ORT_FAIL - message: " + message);
    }

    @Test
    void aCallOfCudaIsToldWithoutHostAndSource() {
        assertEquals("Exception during initialization: CUBLAS failure 15: CUBLAS_STATUS_NOT_SUPPORTED",
                OnnxWords.of(saying("Exception during initialization: " + TEMPLATE + TEMPLATE
                        + "CUBLAS failure 15: CUBLAS_STATUS_NOT_SUPPORTED" + CALL)));
        assertEquals(
                "Failed to parse provider option \"device_id\": CUDA failure 100: no CUDA-capable device is detected",
                OnnxWords.of(saying("provider_options_utils.h:187 Parse Failed to parse provider option \"device_id\": "
                        + SOURCE + "CUDA failure 100: no CUDA-capable device is detected" + CALL)));
        OrtException failure = saying(SOURCE + "CUDA failure 100: no CUDA-capable device is detected" + CALL);
        assertEquals("CUDA failure 100: no CUDA-capable device is detected", OnnxWords.of(failure));
        assertTrue(OnnxWords.areOfDevice(failure));
        assertFalse(OnnxWords.areOfMemory(failure));
    }

    @Test
    void aLibraryThatIsNotFoundIsNamed() {
        assertEquals("Failed to load library /tmp/a/libonnxruntime_providers_cuda.so with error: libcublasLt.so.12:"
                + " cannot open shared object file: No such file or directory",
                OnnxWords.of(saying("/onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1988"
                        + " onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL :"
                        + " Failed to load library /tmp/a/libonnxruntime_providers_cuda.so with error:"
                        + " libcublasLt.so.12: cannot open shared object file: No such file or directory\n")));
    }

    @Test
    void anOldCudaAndAFullDiskAreToldWithWhatToDo() {
        assertTrue(OnnxWords
                .of(saying("undefined symbol: cudaLibraryGetKernel, version libcudart.so.12"))
                .endsWith("put CUDA 12.9 or a later CUDA 12, and its cuDNN, first in LD_LIBRARY_PATH"));
        assertTrue(OnnxWords.of(saying("Failed to find CUDA shared provider")).endsWith(": it takes 600 MB there"));
    }

    @Test
    void tooLittleMemoryIsOneSentence() {
        for (String words : new String[] {"CUDA failure 2: out of memory" + CALL,
                "Failed to allocate memory for requested buffer of size 4096", "std::bad_alloc"}) {
            assertTrue(OnnxWords.areOfMemory(saying(SOURCE + words)), words);
            assertEquals("there is not enough memory", OnnxWords.of(saying(SOURCE + words)));
        }
        OrtException graph = saying("Non-zero status code returned while running Gather node.");
        assertFalse(OnnxWords.areOfDevice(graph) || OnnxWords.areOfMemory(graph));
    }
}
